// SPDX-License-Identifier: BSD-3-Clause
#include "peers/torch_settings.hpp"
#include "support/serve.hpp"

namespace {

using torch::Tensor;

void gates_forward(benchmark::State& state) {
  const torch::NoGradGuard guard;
  const auto n = state.range(0);
  const Tensor a = torch::randn({n}), b = torch::randn({n}), c = torch::randn({n}), d = torch::randn({n});
  for (auto _ : state) benchmark::DoNotOptimize((torch::tanh(a * b + c) * torch::sigmoid(d)).unsafeGetTensorImpl());
}
void gelu_forward(benchmark::State& state) {
  const torch::NoGradGuard guard;
  const auto n = state.range(0);
  const Tensor x = torch::randn({n}), w = torch::randn({n}), b = torch::randn({n});
  for (auto _ : state) benchmark::DoNotOptimize(torch::gelu(x * w + b).unsafeGetTensorImpl());
}
void gates_train(benchmark::State& state) {
  const auto n = state.range(0);
  Tensor t[] = {torch::randn({n}), torch::randn({n}), torch::randn({n}), torch::randn({n})};
  const Tensor g = torch::ones({n});
  for (Tensor& x : t) x.requires_grad_();
  for (auto _ : state) {
    for (Tensor& x : t) x.mutable_grad() = Tensor();
    (torch::tanh(t[0] * t[1] + t[2]) * torch::sigmoid(t[3])).backward(g);
  }
}
void gelu_train(benchmark::State& state) {
  const auto n = state.range(0);
  Tensor t[] = {torch::randn({n}), torch::randn({n}), torch::randn({n})};
  const Tensor g = torch::ones({n});
  for (Tensor& x : t) x.requires_grad_();
  for (auto _ : state) {
    for (Tensor& x : t) x.mutable_grad() = Tensor();
    torch::gelu(t[0] * t[1] + t[2]).backward(g);
  }
}

}  // namespace

BENCHMARK(gates_forward)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(gelu_forward)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(gates_train)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(gelu_train)->Arg(1000)->Arg(100000)->Arg(10000000);

BENCH_MAIN(torch_settings())
