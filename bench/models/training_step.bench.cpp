// SPDX-License-Identifier: BSD-3-Clause
// Whole training steps: forward, backward, optimizer. The models are those of the peers' programs.
#include <benchmark/benchmark.h>
#include <torchlite/torchlite.hpp>

#include <cstdint>

namespace tl = torchlite;
namespace nn = tl::nn;
namespace F = tl::nn::functional;

namespace {

/// conv 32 3x3, relu, conv 64 3x3, relu, max pool 2, dropout, fc 128, relu, fc 10: the demo's network.
struct Cnn : nn::Module<Cnn> {
  nn::Conv2d<float> conv1{1, 32, 3}, conv2{32, 64, 3};
  nn::Dropout dropout{0.25};
  nn::Linear<float> fc1{9216, 128}, fc2{128, 10};

  auto forward(const tl::Tensor<float>& images) {
    tl::Tensor x = tl::relu(conv1(images));
    x = tl::max_pool2d(tl::relu(conv2(x)), 2);
    return fc2(tl::relu(fc1(dropout(tl::flatten(x, 1)))));
  }
};

struct Mlp : nn::Module<Mlp> {
  nn::Linear<float> fc1{784, 256}, fc2{256, 128}, fc3{128, 10};

  auto forward(const tl::Tensor<float>& x) {
    tl::Tensor h = tl::relu(fc1(x));
    h = tl::relu(fc2(h));
    return fc3(h);
  }
};

template <class Net, class Optimizer>
void train(benchmark::State& state, Net& net, Optimizer& optimizer, const tl::Tensor<float>& x) {
  const auto labels = tl::randint<std::int64_t>(0, 10, {x.size(0)});
  for (auto _ : state) {
    optimizer.zero_grad();
    auto loss = F::cross_entropy(net(x), labels);
    loss.backward();
    optimizer.step();
    benchmark::DoNotOptimize(loss.item());
  }
  state.SetItemsProcessed(state.iterations() * x.size(0));
}

void cnn_adamw(benchmark::State& state) {
  tl::manual_seed(0);
  Cnn net;
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
  train(state, net, optimizer, tl::randn<float>({64, 1, 28, 28}));
}
void mlp_sgd(benchmark::State& state) {
  tl::manual_seed(0);
  Mlp net;
  tl::optim::SGD optimizer(net.parameters(), {.lr = 0.01, .momentum = 0.9});
  train(state, net, optimizer, tl::randn<float>({64, 784}));
}
void mlp_adam(benchmark::State& state) {
  tl::manual_seed(0);
  Mlp net;
  tl::optim::Adam optimizer(net.parameters(), {.lr = 1e-3});
  train(state, net, optimizer, tl::randn<float>({64, 784}));
}

BENCHMARK(cnn_adamw)->Unit(benchmark::kMillisecond);
BENCHMARK(mlp_sgd)->Unit(benchmark::kMillisecond);
BENCHMARK(mlp_adam)->Unit(benchmark::kMillisecond);

}  // namespace
