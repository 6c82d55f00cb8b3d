// SPDX-License-Identifier: BSD-3-Clause
// GFLOP/s of matrix products, [m, k] times [k, n]; the suffix says which operand is transposed.
// With TORCHLITE_BENCH_BLAS defined (and a CBLAS linked) the same shapes run through it, side by side.
#include <torchlite/backend/cpu/gemm.hpp>

#include <benchmark/benchmark.h>

#include <vector>
#if defined(TORCHLITE_BENCH_BLAS)
#include <cblas.h>
#endif

namespace {
using torchlite::backend::Cpu;
using torchlite::backend::GemmArguments;

struct Operands {
  std::int64_t m, n, k;
  bool transpose_a, transpose_b;
  std::vector<float> a, b, c;

  explicit Operands(const benchmark::State& state)
      : m(state.range(0)),
        n(state.range(1)),
        k(state.range(2)),
        transpose_a(state.range(3) == 1),
        transpose_b(state.range(3) == 2),
        a(static_cast<std::size_t>(m * k), 1.0f),
        b(static_cast<std::size_t>(k * n), 0.5f),
        c(static_cast<std::size_t>(m * n)) {}

  void report(benchmark::State& state) const {
    state.SetLabel(transpose_a ? "TN" : transpose_b ? "NT" : "NN");
    state.counters["FLOP/s"] = benchmark::Counter(2.0 * static_cast<double>(m * n * k), benchmark::Counter::kIsIterationInvariantRate);
  }
};

void gemm_float(benchmark::State& state) {
  Operands o(state);
  auto g = GemmArguments<float>::dense(o.m, o.n, o.k, o.a.data(), o.b.data(), o.c.data());
  if (o.transpose_a) g.a_row = 1, g.a_col = o.m;
  if (o.transpose_b) g.b_row = 1, g.b_col = o.k;
  for (auto _ : state) {
    gemm(Cpu{}, g);
    benchmark::ClobberMemory();
  }
  o.report(state);
}

#if defined(TORCHLITE_BENCH_BLAS)
void blas_float(benchmark::State& state) {
  Operands o(state);
  const int m = static_cast<int>(o.m), n = static_cast<int>(o.n), k = static_cast<int>(o.k);
  for (auto _ : state) {
    cblas_sgemm(CblasRowMajor, o.transpose_a ? CblasTrans : CblasNoTrans, o.transpose_b ? CblasTrans : CblasNoTrans, m, n, k, 1.0f,
                o.a.data(), o.transpose_a ? m : k, o.b.data(), o.transpose_b ? k : n, 0.0f, o.c.data(), n);
    benchmark::ClobberMemory();
  }
  o.report(state);
}
#endif

void shapes(benchmark::internal::Benchmark* b) {
  for (const std::int64_t n : {4, 8, 16, 32, 64, 128, 256, 512, 1024}) b->Args({n, n, n, 0});
  for (const std::int64_t t : {0, 1, 2}) {
    b->Args({64, 128, 784, t})->Args({64, 10, 128, t})->Args({64, 128, 1600, t})->Args({784, 128, 64, t})->Args({1024, 384, 128, t});
    b->Args({1, 4096, 4096, t});
  }
}
}  // namespace

BENCHMARK(gemm_float)->Apply(shapes)->MinTime(0.1)->UseRealTime();
#if defined(TORCHLITE_BENCH_BLAS)
BENCHMARK(blas_float)->Apply(shapes)->MinTime(0.1)->UseRealTime();
#endif
