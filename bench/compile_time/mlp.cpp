// SPDX-License-Identifier: BSD-3-Clause
// A network of 2-8-8-1 learns exclusive or; mlp.torch.cpp is the same program.
#include <fmt/core.h>
#include <torchlite/torchlite.hpp>

namespace tl = torchlite;
namespace nn = tl::nn;

struct Net : nn::Module<Net> {
  nn::Linear<float> l1{2, 8}, l2{8, 8}, l3{8, 1};

  auto forward(const tl::Tensor<float>& input) {
    tl::Tensor x = tl::relu(l1(input));
    x = tl::relu(l2(x));
    return l3(x);
  }
};

int main() {
  tl::manual_seed(0);
  Net net;
  tl::optim::Adam optimizer(net.parameters(), {.lr = 1e-2});
  const tl::Tensor<float> x({4, 2}, {0, 0, 0, 1, 1, 0, 1, 1}), y({4, 1}, {0, 1, 1, 0});
  for (int i = 0; i < 500; ++i) {
    optimizer.zero_grad();
    auto loss = tl::mse_loss(net(x), y);
    loss.backward();
    optimizer.step();
    if (i % 100 == 0) fmt::print("{} {}\n", i, loss.item());
  }
}
