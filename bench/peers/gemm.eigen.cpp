// SPDX-License-Identifier: BSD-3-Clause
#include <Eigen/Dense>

#include "support/serve.hpp"
#include "support/shapes.hpp"

namespace {

template <class T>
using Matrix = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

template <class T>
void gemm(benchmark::State& state) {
  const auto m = state.range(0), n = state.range(1), k = state.range(2), transposed = state.range(3), batch = state.range(4);
  auto a = bench::numbers<T>(batch * m * k), b = bench::numbers<T>(batch * k * n);
  std::vector<T> c(static_cast<std::size_t>(batch * m * n));
  for (auto _ : state) {
    for (std::int64_t i = 0; i < batch; ++i) {
      const Matrix<T> x(a.data() + i * m * k, transposed == 1 ? k : m, transposed == 1 ? m : k);
      const Matrix<T> y(b.data() + i * k * n, transposed == 2 ? n : k, transposed == 2 ? k : n);
      Matrix<T> z(c.data() + i * m * n, m, n);
      if (m == 1 && transposed == 0) z.row(0).noalias() = x.row(0) * y;
      else if (n == 1 && transposed == 0) z.col(0).noalias() = x * y.col(0);
      else if (transposed == 1) z.noalias() = x.transpose() * y;
      else if (transposed == 2) z.noalias() = x * y.transpose();
      else z.noalias() = x * y;
    }
    benchmark::ClobberMemory();
  }
}

}  // namespace

BENCHMARK_TEMPLATE(gemm, float)->Apply(bench::gemm_shapes)->Name("sgemm");
BENCHMARK_TEMPLATE(gemm, double)->Apply(bench::gemm_shapes)->Name("dgemm");

BENCH_MAIN()
