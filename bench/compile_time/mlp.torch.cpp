// SPDX-License-Identifier: BSD-3-Clause
#include <torch/torch.h>

#include <cstdio>

namespace nn = torch::nn;

struct Net : nn::Module {
  nn::Linear l1{register_module("l1", nn::Linear(2, 8))}, l2{register_module("l2", nn::Linear(8, 8))},
      l3{register_module("l3", nn::Linear(8, 1))};

  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(l1(x));
    x = torch::relu(l2(x));
    return l3(x);
  }
};

int main() {
  torch::manual_seed(0);
  Net net;
  torch::optim::Adam optimizer(net.parameters(), 1e-2);
  const torch::Tensor x = torch::tensor({{0.f, 0.f}, {0.f, 1.f}, {1.f, 0.f}, {1.f, 1.f}}), y = torch::tensor({{0.f}, {1.f}, {1.f}, {0.f}});
  for (int i = 0; i < 500; ++i) {
    optimizer.zero_grad();
    auto loss = torch::mse_loss(net.forward(x), y);
    loss.backward();
    optimizer.step();
    if (i % 100 == 0) std::printf("%d %g\n", i, loss.item<float>());
  }
}
