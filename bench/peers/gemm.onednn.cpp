// SPDX-License-Identifier: BSD-3-Clause
#include <oneapi/dnnl/dnnl.hpp>

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

void bgemm(benchmark::State& state) {
  using dnnl::memory;
  const auto m = state.range(0), n = state.range(1), k = state.range(2), batch = state.range(4);
  const bool ta = state.range(3) == 1, tb = state.range(3) == 2;
  dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto matrix = [&](std::int64_t rows, std::int64_t columns, bool transposed) {
    return memory({{batch, rows, columns}, memory::data_type::bf16, transposed ? memory::format_tag::acb : memory::format_tag::abc},
                  engine);
  };
  memory a = matrix(m, k, ta), b = matrix(k, n, tb), c = matrix(m, n, false);
  bench::fill_bfloat16(a.get_data_handle(), batch * m * k);
  bench::fill_bfloat16(b.get_data_handle(), batch * k * n);
  const dnnl::matmul product({{a.get_desc(), b.get_desc(), c.get_desc()}, engine});
  for (auto _ : state) {
    product.execute(stream, {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, c}});
    stream.wait();
  }
}

}  // namespace

BENCHMARK(sgemm)->Apply(bench::gemm_shapes);
BENCHMARK(bgemm)->Apply(bench::gemm_shapes);

BENCH_MAIN()
