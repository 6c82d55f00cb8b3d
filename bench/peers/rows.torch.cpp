// SPDX-License-Identifier: BSD-3-Clause
#include "peers/torch_settings.hpp"
#include "support/serve.hpp"

namespace {

using torch::Tensor;
namespace F = torch::nn::functional;

constexpr std::int64_t elements = 1 << 20;

template <class Function>
void train(benchmark::State& state, Function f) {
  const std::int64_t n = state.range(0), rows = elements / n;
  Tensor x = torch::randn({rows, n}).requires_grad_(), g;
  for (auto _ : state) {
    x.mutable_grad() = Tensor();
    Tensor y = f(x);
    if (!g.defined()) g = torch::ones(y.sizes());
    y.backward(g);
  }
}
void sum(benchmark::State& state) {
  train(state, [](const Tensor& x) { return x.sum(-1); });
}
void mean_of_squares(benchmark::State& state) {
  train(state, [](const Tensor& x) { return torch::square(x).mean(-1); });
}
void amax(benchmark::State& state) {
  train(state, [](const Tensor& x) { return x.amax(-1); });
}
void softmax(benchmark::State& state) {
  train(state, [](const Tensor& x) { return torch::softmax(x, -1); });
}
void layer_norm(benchmark::State& state) {
  Tensor w = torch::ones({state.range(0)}).requires_grad_(), b = torch::zeros({state.range(0)}).requires_grad_();
  train(state, [&](const Tensor& x) {
    w.mutable_grad() = Tensor();
    b.mutable_grad() = Tensor();
    return torch::layer_norm(x, {x.size(-1)}, w, b);
  });
}
void cross_entropy(benchmark::State& state) {
  const Tensor y = torch::randint(state.range(0), {elements / state.range(0)}, torch::kLong);
  train(state, [&](const Tensor& x) { return F::cross_entropy(x, y); });
}

}  // namespace

#define ROWS(name) BENCHMARK(name)->Arg(128)->Arg(512)->Arg(1024)->Arg(4096)
ROWS(sum);
ROWS(mean_of_squares);
ROWS(amax);
ROWS(softmax);
ROWS(layer_norm);
ROWS(cross_entropy);

BENCH_MAIN(torch_settings())
