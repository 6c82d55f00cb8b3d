// SPDX-License-Identifier: BSD-3-Clause
// What the machine can do at most: fused multiply-adds out of registers, and the triad a = b + s c from memory.
#include "support/serve.hpp"

#include <torchlite/backend/cpu/gemm_kernel.hpp>
#include <torchlite/backend/cpu/parallel.hpp>

#include <vector>

namespace {

using torchlite::backend::parallel_for;

template <class T>
void fma(benchmark::State& state) {
  // As many chains as hide the latency, each as wide as the processor's vectors.
  constexpr int width = torchlite::backend::vector_bytes / static_cast<int>(sizeof(T)), chains = 12;
  typedef T Vector __attribute__((vector_size(torchlite::backend::vector_bytes)));
  constexpr std::int64_t rounds = 100000;
  const int threads = torchlite::get_num_threads();
  for (auto _ : state)
    parallel_for(threads, 1, [](std::int64_t, std::int64_t) {
      Vector a[chains], x{}, y{};
      x += T(0.999), y += T(0.001);
      for (Vector& v : a) v = y;
      asm volatile("" : "+x"(x), "+x"(y));
      for (std::int64_t i = 0; i < rounds; ++i)
        for (Vector& v : a) v = v * x + y;
      for (Vector& v : a) asm volatile("" : : "x"(v));
    });
  bench::work(state, 2.0 * width * chains * static_cast<double>(rounds) * threads);
}
void triad(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  std::vector<float> a(static_cast<std::size_t>(n), 1.0f), b = a, c = a;
  float *pa = a.data(), *pb = b.data(), *pc = c.data();
  for (auto _ : state) {
    parallel_for(n, 32768, [=](std::int64_t begin, std::int64_t end) {
#pragma GCC ivdep
      for (std::int64_t i = begin; i < end; ++i) pa[i] = pb[i] + 1.5f * pc[i];
    });
    benchmark::ClobberMemory();
  }
  bench::work(state, 0, 12.0 * static_cast<double>(n));
}

}  // namespace

BENCHMARK_TEMPLATE(fma, float)->Name("fma_float");
BENCHMARK_TEMPLATE(fma, double)->Name("fma_double");
BENCHMARK(triad)->Arg(1000)->Arg(100000)->Arg(10000000);

BENCH_MAIN()
