// SPDX-License-Identifier: BSD-3-Clause
#include <dnnl.h>

#include "support/serve.hpp"
#include "support/shapes.hpp"

namespace {

void sgemm(benchmark::State& state) {
  const auto m = state.range(0), n = state.range(1), k = state.range(2), batch = state.range(4);
  const bool ta = state.range(3) == 1, tb = state.range(3) == 2;
  const auto a = bench::numbers(batch * m * k), b = bench::numbers(batch * k * n);
  std::vector<float> c(static_cast<std::size_t>(batch * m * n));
  for (auto _ : state) {
    for (std::int64_t i = 0; i < batch; ++i)
      dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, 1, a.data() + i * m * k, ta ? m : k, b.data() + i * k * n, tb ? k : n, 0,
                 c.data() + i * m * n, n);
    benchmark::ClobberMemory();
  }
}

}  // namespace

BENCHMARK(sgemm)->Apply(bench::gemm_shapes);

BENCH_MAIN()
