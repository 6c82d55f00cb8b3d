// SPDX-License-Identifier: BSD-3-Clause
// Whole training steps: forward, backward, optimizer.
#include "support/nets.hpp"
#include "support/serve.hpp"

namespace {

namespace tl = torchlite;
namespace F = tl::nn::functional;

template <class Optimizer, class Loss>
void train(benchmark::State& state, Optimizer& optimizer, double operations, Loss loss_of) {
  for (auto _ : state) {
    optimizer.zero_grad();
    auto loss = loss_of();
    loss.backward();
    optimizer.step();
    benchmark::DoNotOptimize(loss.data());
  }
  bench::work(state, operations);
}
tl::Tensor<std::int64_t> labels(std::int64_t n, std::int64_t classes) { return tl::randint<std::int64_t>(0, classes, {n}); }

void mlp_sgd(benchmark::State& state) {
  tl::manual_seed(0);
  nets::Mlp<> net;
  tl::optim::SGD optimizer(net.parameters(), {.lr = 0.01, .momentum = 0.9});
  const auto x = tl::randn<float>({64, 784});
  const auto y = labels(64, 10);
  train(state, optimizer, 0.065e9, [&] { return F::cross_entropy(net(x), y); });
}
void mlp_adam(benchmark::State& state) {
  tl::manual_seed(0);
  nets::Mlp<> net;
  tl::optim::Adam optimizer(net.parameters(), {.lr = 1e-3});
  const auto x = tl::randn<float>({64, 784});
  const auto y = labels(64, 10);
  train(state, optimizer, 0.065e9, [&] { return F::cross_entropy(net(x), y); });
}
void cnn_adamw(benchmark::State& state) {
  tl::manual_seed(0);
  nets::Cnn<> net;
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
  const auto x = tl::randn<float>({64, 1, 28, 28});
  const auto y = labels(64, 10);
  train(state, optimizer, 4.6e9, [&] { return F::cross_entropy(net(x), y); });
}
void gpt_adamw(benchmark::State& state) {
  tl::manual_seed(0);
  nets::Gpt<> net;
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 3e-4});
  const auto x = tl::randint<std::int64_t>(0, 96, {16, 64});
  const auto y = labels(16 * 64, 96);
  train(state, optimizer, 5.3e9, [&] { return F::cross_entropy(net(x).reshape({-1, 96}), y); });
}
void resnet18_sgd(benchmark::State& state) {
  tl::manual_seed(0);
  nets::ResNet18<> net;
  tl::optim::SGD optimizer(net.parameters(), {.lr = 0.1, .momentum = 0.9, .weight_decay = 5e-4});
  const auto x = tl::randn<float>({32, 3, 32, 32});
  const auto y = labels(32, 10);
  train(state, optimizer, 107e9, [&] { return F::cross_entropy(net(x), y); });
}

void lstm_adam(benchmark::State& state) {
  tl::manual_seed(0);
  nets::Lstm<> net;
  tl::optim::Adam optimizer(net.parameters(), {.lr = 1e-3});
  const auto x = tl::randn<float>({32, 64, 128});
  const auto y = labels(32, 10);
  train(state, optimizer, 3.2e9, [&] { return F::cross_entropy(net(x), y); });
}

}  // namespace

BENCHMARK(mlp_sgd);
BENCHMARK(mlp_adam);
BENCHMARK(cnn_adamw);
BENCHMARK(gpt_adamw);
BENCHMARK(resnet18_sgd)->MinTime(0.5);
BENCHMARK(lstm_adam);

BENCH_MAIN()
