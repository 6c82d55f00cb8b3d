// SPDX-License-Identifier: BSD-3-Clause
// What the machine can do at most: fused multiply-adds out of registers, and the triad a = b + s c. The triad's stores go through the
// caches or past them; where memory is the limit, the faster of the two is what compare.py takes.
#include "support/serve.hpp"

#include <torchlite/backend/cpu/gemm_kernel.hpp>
#include <torchlite/backend/cpu/parallel.hpp>

#include <memory>
#include <new>
#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace {

using torchlite::backend::load_vector;
using torchlite::backend::parallel_for;
using torchlite::backend::store_vector;
using torchlite::backend::unrolled;
using torchlite::backend::vector_lanes;
using torchlite::backend::vector_register;

/// Hides from the compiler what v is.
template <class Register>
[[gnu::always_inline]] inline void keep_in_register(Register& v) {
#if defined(__x86_64__)
  asm volatile("" : "+v"(v));
#else
  asm volatile("" : "+w"(v));
#endif
}

/// As many chains as hide the latency, written out, since an array that a loop goes over lives in memory at -O2. P is what a product packs.
template <class P>
void fma(benchmark::State& state) {
  using torchlite::backend::PackedElement;
  using T = torchlite::backend::packed_accumulator_t<P>;
  using Register = vector_register<T>;
  constexpr int chains = 12;
  constexpr std::int64_t rounds = 100000;
  const int threads = torchlite::get_num_threads();
  for (auto _ : state)
    parallel_for(threads, 1, [](std::int64_t, std::int64_t) {
      Register a[chains], x = Register{} + T(0.999), y = Register{} + T(0.001);
      keep_in_register(x);
      keep_in_register(y);
      vector_register<P> pairs{};
      keep_in_register(pairs);
      unrolled<chains>([&](auto i) __attribute__((always_inline)) {
        a[decltype(i)::value] = y;
        keep_in_register(a[decltype(i)::value]);  // or the compiler sees that all chains are equal
      });
      for (std::int64_t r = 0; r < rounds; ++r)
        unrolled<chains>([&](auto i) __attribute__((always_inline)) {
          Register& v = a[decltype(i)::value];
          if constexpr (PackedElement<P>::steps == 1) v = v * x + y;
          else v = torchlite::backend::multiply_add<P>(v, pairs, pairs);
        });
      unrolled<chains>([&](auto i) __attribute__((always_inline)) { keep_in_register(a[decltype(i)::value]); });
    });
  bench::work(state, 2.0 * PackedElement<P>::steps * vector_lanes<T> * chains * static_cast<double>(rounds) * threads);
}

struct Free {
  void operator()(float* p) const { ::operator delete (p, std::align_val_t{64}); }
};
std::unique_ptr<float[], Free> array(std::int64_t n) {
  auto* p = static_cast<float*>(::operator new (static_cast<std::size_t>(n) * sizeof(float), std::align_val_t{64}));
  for (std::int64_t i = 0; i < n; ++i) p[i] = 1;
  return std::unique_ptr<float[], Free>(p);
}

inline void store_past_caches(float* p, vector_register<float> v) {
#if defined(__AVX512F__)
  _mm512_stream_ps(p, v);
#elif defined(__AVX__)
  if constexpr (sizeof(v) == 32) _mm256_stream_ps(p, reinterpret_cast<__m256&>(v));
  else store_vector(p, v);
#else
  store_vector(p, v);
#endif
}

/// n is a multiple of four vectors.
template <bool Streaming>
void triad(benchmark::State& state) {
  constexpr int lanes = vector_lanes<float>, vectors = 4;
  const std::int64_t n = state.range(0), blocks = n / (lanes * vectors);
  const auto a = array(n), b = array(n), c = array(n);
  const float *pb = b.get(), *pc = c.get();
  float* pa = a.get();
  for (auto _ : state) {
    parallel_for(blocks, 512, [=](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin * lanes * vectors; i < end * lanes * vectors; i += lanes * vectors)
        unrolled<vectors>([&](auto k) __attribute__((always_inline)) {
          constexpr int at = decltype(k)::value * lanes;
          const vector_register<float> v = load_vector(pb + i + at) + load_vector(pc + i + at) * 1.5f;
          if constexpr (Streaming) store_past_caches(pa + i + at, v);
          else store_vector(pa + i + at, v);
        });
    });
    benchmark::ClobberMemory();
  }
  bench::work(state, 0, 12.0 * static_cast<double>(n));
}

}  // namespace

BENCHMARK_TEMPLATE(fma, float)->Name("fma_float");
BENCHMARK_TEMPLATE(fma, double)->Name("fma_double");
BENCHMARK_TEMPLATE(fma, torchlite::backend::gemm_packed_t<torchlite::bfloat16>)->Name("fma_bfloat16");
BENCHMARK_TEMPLATE(triad, false)->Name("triad")->Arg(1024)->Arg(102400)->Arg(1024000)->Arg(10240000);
BENCHMARK_TEMPLATE(triad, true)->Name("triad_streaming")->Arg(1024)->Arg(102400)->Arg(1024000)->Arg(10240000);

BENCH_MAIN()
