// SPDX-License-Identifier: BSD-3-Clause
#include "peers/torch_settings.hpp"
#include "support/serve.hpp"

namespace {

using torch::Tensor;

void add(benchmark::State& state, bool grad) {
  const Tensor a = torch::randn({4, 4}).requires_grad_(grad), b = torch::randn({4, 4}).requires_grad_(grad);
  for (auto _ : state) {
    Tensor c = a + b;
    benchmark::DoNotOptimize(c.unsafeGetTensorImpl());
  }
}
void matmul(benchmark::State& state, bool grad) {
  const Tensor a = torch::randn({4, 4}).requires_grad_(grad), b = torch::randn({4, 4}).requires_grad_(grad);
  for (auto _ : state) {
    Tensor c = torch::matmul(a, b);
    benchmark::DoNotOptimize(c.unsafeGetTensorImpl());
  }
}
void add_4x4(benchmark::State& state) {
  const torch::NoGradGuard guard;
  add(state, false);
}
void add_4x4_grad(benchmark::State& state) { add(state, true); }
void matmul_4x4(benchmark::State& state) {
  const torch::NoGradGuard guard;
  matmul(state, false);
}
void matmul_4x4_grad(benchmark::State& state) { matmul(state, true); }
void chain10_train(benchmark::State& state) {
  Tensor a = torch::randn({4, 4}).requires_grad_(), b = torch::randn({4, 4}).requires_grad_();
  for (auto _ : state) {
    a.mutable_grad() = Tensor();
    b.mutable_grad() = Tensor();
    (torch::relu(torch::sigmoid(torch::tanh(a * b + a - b) * a) + b) * b + a).sum().backward();
    benchmark::DoNotOptimize(a.grad().unsafeGetTensorImpl());
  }
}
struct Tiny : torch::nn::Module {
  torch::nn::Linear fc1{register_module("fc1", torch::nn::Linear(2, 8))}, fc2{register_module("fc2", torch::nn::Linear(8, 8))},
      fc3{register_module("fc3", torch::nn::Linear(8, 1))};
  Tensor forward(Tensor x) { return fc3(torch::relu(fc2(torch::relu(fc1(x))))); }
};
template <class Optimizer>
void tiny_step(benchmark::State& state) {
  Tiny net;
  Optimizer optimizer(net.parameters(), 1e-3);
  const Tensor x = torch::randn({4, 2}), y = torch::randn({4, 1});
  for (auto _ : state) {
    optimizer.zero_grad();
    Tensor loss = torch::mse_loss(net.forward(x), y);
    loss.backward();
    optimizer.step();
  }
}
void tiny_sgd(benchmark::State& state) { tiny_step<torch::optim::SGD>(state); }
void tiny_adam(benchmark::State& state) { tiny_step<torch::optim::Adam>(state); }

}  // namespace

BENCHMARK(add_4x4);
BENCHMARK(add_4x4_grad);
BENCHMARK(matmul_4x4);
BENCHMARK(matmul_4x4_grad);
BENCHMARK(chain10_train);
BENCHMARK(tiny_sgd);
BENCHMARK(tiny_adam);

BENCH_MAIN(torch_settings())
