// SPDX-License-Identifier: BSD-3-Clause
// Reductions, softmax, layer_norm and cross_entropy over rows of 128 to 4096 elements, 2^20 in all, forward and backward.
#include "support/serve.hpp"

#include <torchlite/torchlite.hpp>

namespace {

namespace tl = torchlite;
using Tensor = tl::Tensor<float>;

constexpr std::int64_t elements = 1 << 20;

template <class F>
void train(benchmark::State& state, F f) {
  const std::int64_t n = state.range(0), rows = elements / n;
  const Tensor x = tl::randn<float>({rows, n}).requires_grad_();
  Tensor g;
  for (auto _ : state) {
    x.zero_grad();
    Tensor y = f(x);
    if (!g.defined()) g = tl::ones<float>(y.sizes());
    y.backward(g);
    benchmark::DoNotOptimize(x.grad().data());
  }
  bench::work(state, 0, 8.0 * static_cast<double>(elements));
}
void sum(benchmark::State& state) {
  train(state, [](const Tensor& x) { return tl::sum(x, -1); });
}
void mean_of_squares(benchmark::State& state) {
  train(state, [](const Tensor& x) { return tl::mean(tl::square(x), -1); });
}
void amax(benchmark::State& state) {
  train(state, [](const Tensor& x) { return tl::amax(x, -1); });
}
void softmax(benchmark::State& state) {
  train(state, [](const Tensor& x) { return tl::softmax(x, -1); });
}
void layer_norm(benchmark::State& state) {
  const Tensor w = tl::ones<float>({state.range(0)}).requires_grad_(), b = tl::zeros<float>({state.range(0)}).requires_grad_();
  train(state, [&](const Tensor& x) {
    w.zero_grad();
    b.zero_grad();
    return tl::layer_norm(x, {x.size(-1)}, w, b);
  });
}
void cross_entropy(benchmark::State& state) {
  const auto y = tl::randint<std::int64_t>(0, state.range(0), {elements / state.range(0)});
  train(state, [&](const Tensor& x) { return Tensor(tl::cross_entropy(x, y)); });
}

}  // namespace

#define ROWS(name) BENCHMARK(name)->Arg(128)->Arg(512)->Arg(1024)->Arg(4096)
ROWS(sum);
ROWS(mean_of_squares);
ROWS(amax);
ROWS(softmax);
ROWS(layer_norm);
ROWS(cross_entropy);

BENCH_MAIN()
