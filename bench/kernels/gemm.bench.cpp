// SPDX-License-Identifier: BSD-3-Clause
// Matrix products, [m, k] times [k, n]; the last number says which operand is transposed (0 none, 1 a, 2 b).
#include "support/serve.hpp"
#include "support/shapes.hpp"

#include <torchlite/backend/cpu/gemm.hpp>

#include <vector>

namespace {
using torchlite::backend::Cpu;
using torchlite::backend::GemmArguments;

template <class T>
void gemm(benchmark::State& state) {
  const std::int64_t m = state.range(0), n = state.range(1), k = state.range(2), transposed = state.range(3), batch = state.range(4);
  const auto a = bench::numbers<T>(batch * m * k), b = bench::numbers<T>(batch * k * n);
  std::vector<T> c(static_cast<std::size_t>(batch * m * n));
  auto g = GemmArguments<T>::dense(m, n, k, a.data(), b.data(), c.data());
  if (transposed == 1) g.a_row = 1, g.a_col = m;
  if (transposed == 2) g.b_row = 1, g.b_col = k;
  g.batch = batch;
  for (auto _ : state) {
    gemm(Cpu{}, g);
    benchmark::ClobberMemory();
  }
  const bool vector = m == 1 || n == 1;  // then the matrix, read once, is what takes the time
  bench::work(state, 2.0 * static_cast<double>(batch * m * n * k),
              vector ? static_cast<double>(sizeof(T)) * static_cast<double>(m * k + k * n) : 0.0);
}

}  // namespace

BENCHMARK_TEMPLATE(gemm, float)->Apply(bench::gemm_shapes)->Name("sgemm");
BENCHMARK_TEMPLATE(gemm, double)->Apply(bench::gemm_shapes)->Name("dgemm");
BENCHMARK_TEMPLATE(gemm, torchlite::half)->Apply(bench::gemm_shapes)->Name("hgemm");
BENCHMARK_TEMPLATE(gemm, torchlite::bfloat16)->Apply(bench::gemm_shapes)->Name("bgemm");

BENCH_MAIN()
