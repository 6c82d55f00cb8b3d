// SPDX-License-Identifier: BSD-3-Clause
// OpenBLAS, whose kernels OPENBLAS_CORETYPE chooses where it does not know the processor; the same source with MKL is the peer mkl.
// BLAS has its matrices column by column, so ours are its transposed ones, and c^T = b^T a^T.
#include "support/serve.hpp"
#include "support/shapes.hpp"

extern "C" {
void sgemm_(const char*, const char*, const int*, const int*, const int*, const float*, const float*, const int*, const float*, const int*,
            const float*, float*, const int*);
void dgemm_(const char*, const char*, const int*, const int*, const int*, const double*, const double*, const int*, const double*,
            const int*, const double*, double*, const int*);
void sgemv_(const char*, const int*, const int*, const float*, const float*, const int*, const float*, const int*, const float*, float*,
            const int*);
void dgemv_(const char*, const int*, const int*, const double*, const double*, const int*, const double*, const int*, const double*,
            double*, const int*);
[[gnu::weak]] char* openblas_get_corename();
}

namespace {

constexpr auto* gemm_of(float) { return &sgemm_; }
constexpr auto* gemm_of(double) { return &dgemm_; }
constexpr auto* gemv_of(float) { return &sgemv_; }
constexpr auto* gemv_of(double) { return &dgemv_; }

template <class T>
void multiply(int m, int n, int k, bool ta, bool tb, const T* a, const T* b, T* c) {
  const T one = 1, zero = 0;
  const int step = 1, lda = ta ? m : k, ldb = tb ? k : n;
  if (m == 1 && !tb) gemv_of(T())("N", &n, &k, &one, b, &n, a, &step, &zero, c, &step);
  else if (n == 1 && !ta) gemv_of(T())("T", &k, &m, &one, a, &k, b, &step, &zero, c, &step);
  else gemm_of(T())(tb ? "T" : "N", ta ? "T" : "N", &n, &m, &k, &one, b, &ldb, a, &lda, &zero, c, &n);
}

template <class T>
void gemm(benchmark::State& state) {
  const int m = static_cast<int>(state.range(0)), n = static_cast<int>(state.range(1)), k = static_cast<int>(state.range(2));
  const auto batch = state.range(4);
  const auto a = bench::numbers<T>(batch * m * k), b = bench::numbers<T>(batch * k * n);
  std::vector<T> c(static_cast<std::size_t>(batch * m * n));
  for (auto _ : state) {
    for (std::int64_t i = 0; i < batch; ++i)
      multiply(m, n, k, state.range(3) == 1, state.range(3) == 2, a.data() + i * m * k, b.data() + i * k * n, c.data() + i * m * n);
    benchmark::ClobberMemory();
  }
}

}  // namespace

BENCHMARK_TEMPLATE(gemm, float)->Apply(bench::gemm_shapes)->Name("sgemm");
BENCHMARK_TEMPLATE(gemm, double)->Apply(bench::gemm_shapes)->Name("dgemm");

BENCH_MAIN(if (openblas_get_corename) std::fprintf(stderr, "OpenBLAS runs its %s kernels\n", openblas_get_corename()))
