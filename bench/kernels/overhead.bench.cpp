// SPDX-License-Identifier: BSD-3-Clause
// What an operation costs beside its arithmetic: tensors of 4x4, a network of 2-8-8-1.
#include "support/nets.hpp"
#include "support/serve.hpp"

namespace {

namespace tl = torchlite;
using Tensor = tl::Tensor<float>;

void add_4x4(benchmark::State& state) {
  const Tensor a = tl::randn<float>({4, 4}), b = tl::randn<float>({4, 4});
  for (auto _ : state) {
    Tensor c = a + b;
    benchmark::DoNotOptimize(c.data());
  }
}
void add_4x4_grad(benchmark::State& state) {
  const Tensor a = tl::randn<float>({4, 4}).requires_grad_(), b = tl::randn<float>({4, 4}).requires_grad_();
  for (auto _ : state) {
    Tensor c = a + b;
    benchmark::DoNotOptimize(c.data());
  }
}
void matmul_4x4(benchmark::State& state) {
  const Tensor a = tl::randn<float>({4, 4}), b = tl::randn<float>({4, 4});
  for (auto _ : state) {
    Tensor c = tl::matmul(a, b);
    benchmark::DoNotOptimize(c.data());
  }
}
void matmul_4x4_grad(benchmark::State& state) {
  const Tensor a = tl::randn<float>({4, 4}).requires_grad_(), b = tl::randn<float>({4, 4}).requires_grad_();
  for (auto _ : state) {
    Tensor c = tl::matmul(a, b);
    benchmark::DoNotOptimize(c.data());
  }
}
void chain10_train(benchmark::State& state) {
  const Tensor a = tl::randn<float>({4, 4}).requires_grad_(), b = tl::randn<float>({4, 4}).requires_grad_();
  for (auto _ : state) {
    a.zero_grad();
    b.zero_grad();
    auto y = tl::relu(tl::sigmoid(tl::tanh(a * b + a - b) * a) + b) * b + a;
    tl::sum(std::move(y)).backward();
    benchmark::DoNotOptimize(a.grad().data());
  }
}
template <class Optimizer>
void tiny_step(benchmark::State& state) {
  tl::manual_seed(0);
  nets::Tiny<> net;
  Optimizer optimizer(net.parameters(), {.lr = 1e-3});
  const Tensor x = tl::randn<float>({4, 2}), y = tl::randn<float>({4, 1});
  for (auto _ : state) {
    optimizer.zero_grad();
    auto loss = tl::mse_loss(net(x), y);
    loss.backward();
    optimizer.step();
    benchmark::DoNotOptimize(loss.data());
  }
}
void tiny_sgd(benchmark::State& state) { tiny_step<tl::optim::SGD<float, tl::Cpu>>(state); }
void tiny_adam(benchmark::State& state) { tiny_step<tl::optim::Adam<float, tl::Cpu>>(state); }

}  // namespace

BENCHMARK(add_4x4);
BENCHMARK(add_4x4_grad);
BENCHMARK(matmul_4x4);
BENCHMARK(matmul_4x4_grad);
BENCHMARK(chain10_train);
BENCHMARK(tiny_sgd);
BENCHMARK(tiny_adam);

BENCH_MAIN()
