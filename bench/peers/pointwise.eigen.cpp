// SPDX-License-Identifier: BSD-3-Clause
// Eigen's expressions, which have no backward pass.
#include <Eigen/Dense>
#include <unsupported/Eigen/SpecialFunctions>

#include "support/serve.hpp"
#include "support/shapes.hpp"

namespace {

using Array = Eigen::Map<Eigen::ArrayXf>;

template <class F>
void forward(benchmark::State& state, F f) {
  const std::int64_t n = state.range(0);
  auto a = bench::numbers(n), b = bench::numbers(n), c = bench::numbers(n), d = bench::numbers(n), y = bench::numbers(n);
  Array out(y.data(), n);
  for (auto _ : state) {
    f(out, Array(a.data(), n), Array(b.data(), n), Array(c.data(), n), Array(d.data(), n));
    benchmark::ClobberMemory();
  }
}
void gates_forward(benchmark::State& state) {
  forward(state, [](Array& y, const Array& a, const Array& b, const Array& c, const Array& d) { y = (a * b + c).tanh() * d.logistic(); });
}
void gelu_forward(benchmark::State& state) {
  forward(state, [](Array& y, const Array& x, const Array& w, const Array& b, const Array&) {
    const auto z = x * w + b;
    y = 0.5f * z * (1.0f + (0.70710678f * z).erf());
  });
}

}  // namespace

BENCHMARK(gates_forward)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(gelu_forward)->Arg(1000)->Arg(100000)->Arg(10000000);

BENCH_MAIN()
