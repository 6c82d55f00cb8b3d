// SPDX-License-Identifier: BSD-3-Clause
// tanh(a*b+c)*sigmoid(d) and gelu(x*w+b), forward and forward with backward. Bytes count the least traffic: every input read once,
// every result written once; for the backward pass the inputs and the incoming gradient read once more, the gradients written.
#include "support/serve.hpp"

#include <torchlite/torchlite.hpp>

namespace {

namespace tl = torchlite;
using Tensor = tl::Tensor<float>;

void gates_forward(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  const Tensor a = tl::randn<float>({n}), b = tl::randn<float>({n}), c = tl::randn<float>({n}), d = tl::randn<float>({n});
  for (auto _ : state) {
    Tensor y = tl::tanh(a * b + c) * tl::sigmoid(d);
    benchmark::DoNotOptimize(y.data());
  }
  bench::work(state, 0, 20.0 * static_cast<double>(n));
}
void gelu_forward(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  const Tensor x = tl::randn<float>({n}), w = tl::randn<float>({n}), b = tl::randn<float>({n});
  for (auto _ : state) {
    Tensor y = tl::gelu(x * w + b);
    benchmark::DoNotOptimize(y.data());
  }
  bench::work(state, 0, 16.0 * static_cast<double>(n));
}
void gates_train(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  const Tensor a = tl::randn<float>({n}).requires_grad_(), b = tl::randn<float>({n}).requires_grad_(),
               c = tl::randn<float>({n}).requires_grad_(), d = tl::randn<float>({n}).requires_grad_(), g = tl::ones<float>({n});
  for (auto _ : state) {
    for (const Tensor& t : {a, b, c, d}) t.zero_grad();
    Tensor y = tl::tanh(a * b + c) * tl::sigmoid(d);
    y.backward(g);
    benchmark::DoNotOptimize(a.grad().data());
  }
  bench::work(state, 0, 56.0 * static_cast<double>(n));
}
void gelu_train(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  const Tensor x = tl::randn<float>({n}).requires_grad_(), w = tl::randn<float>({n}).requires_grad_(),
               b = tl::randn<float>({n}).requires_grad_(), g = tl::ones<float>({n});
  for (auto _ : state) {
    for (const Tensor& t : {x, w, b}) t.zero_grad();
    Tensor y = tl::gelu(x * w + b);
    y.backward(g);
    benchmark::DoNotOptimize(x.grad().data());
  }
  bench::work(state, 0, 44.0 * static_cast<double>(n));
}

}  // namespace

BENCHMARK(gates_forward)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(gelu_forward)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(gates_train)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(gelu_train)->Arg(1000)->Arg(100000)->Arg(10000000);

BENCH_MAIN()
