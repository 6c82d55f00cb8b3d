// SPDX-License-Identifier: BSD-3-Clause
// OpenBLAS, whose kernels OPENBLAS_CORETYPE chooses where it does not know the processor.
#include <cblas.h>

#include "support/serve.hpp"
#include "support/shapes.hpp"

namespace {

void multiply(int m, int n, int k, bool ta, bool tb, const float* a, const float* b, float* c) {
  if (m == 1 && !tb) cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1, b, n, a, 1, 0, c, 1);
  else if (n == 1 && !ta) cblas_sgemv(CblasRowMajor, CblasNoTrans, m, k, 1, a, k, b, 1, 0, c, 1);
  else
    cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, 0,
                c, n);
}
void multiply(int m, int n, int k, bool ta, bool tb, const double* a, const double* b, double* c) {
  if (m == 1 && !tb) cblas_dgemv(CblasRowMajor, CblasTrans, k, n, 1, b, n, a, 1, 0, c, 1);
  else if (n == 1 && !ta) cblas_dgemv(CblasRowMajor, CblasNoTrans, m, k, 1, a, k, b, 1, 0, c, 1);
  else
    cblas_dgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, 0,
                c, n);
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

extern "C" char* openblas_get_corename();
BENCH_MAIN(std::fprintf(stderr, "OpenBLAS runs its %s kernels\n", openblas_get_corename()))
