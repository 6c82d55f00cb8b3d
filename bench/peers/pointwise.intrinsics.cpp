// SPDX-License-Identifier: BSD-3-Clause
// What a person writes for exactly these formulas: one loop forward, one backward, into memory that is there already; past the caches
// where the arrays are larger. The backward loop computes again what the forward one does not store, which costs less than its traffic.
#include "support/avx.hpp"
#include "support/serve.hpp"
#include "support/shapes.hpp"

#include <new>

namespace {

using avx::all;
using avx::Vector;

constexpr std::int64_t streaming_from = 4000000;  // elements

struct Array {
  float* data;
  explicit Array(std::int64_t n) : data(static_cast<float*>(::operator new (static_cast<std::size_t>(n) * 4, std::align_val_t{64}))) {
    const auto v = bench::numbers(n);
    for (std::int64_t i = 0; i < n; ++i) data[i] = 2 * v[static_cast<std::size_t>(i)];
  }
  Array(const Array&) = delete;
  ~Array() { ::operator delete (data, std::align_val_t{64}); }
};

/// How a loop reads and writes: whole vectors through the caches or past them, or the n < lanes elements that are left at the end.
struct Whole {
  static Vector load(const float* p) { return avx::load(p); }
  static void store(float* p, Vector v) { avx::store(p, v); }
};
struct Streaming : Whole {
  static void store(float* p, Vector v) { avx::stream(p, v); }
};
struct Rest {
  int n;
  Vector load(const float* p) const { return avx::load(p, n); }
  void store(float* p, Vector v) const { avx::store(p, v, n); }
};

template <class At, class F>
void walk(std::int64_t begin, std::int64_t end, At at, F f) {
  for (std::int64_t i = begin; i < end; i += avx::lanes) f(i, at);
}
template <class F>
void over(std::int64_t n, F f) {
  const std::int64_t whole = n / avx::lanes * avx::lanes, block = 8192;
  if (n <= 4 * block) {
    walk(0, whole, Whole{}, f);
  } else {
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < whole; i += block) {
      const std::int64_t end = i + block < whole ? i + block : whole;
      if (n >= streaming_from) walk(i, end, Streaming{}, f);
      else walk(i, end, Whole{}, f);
    }
  }
  if (whole < n) f(whole, Rest{static_cast<int>(n - whole)});
}

struct Gates {
  std::int64_t n;
  Array a{n}, b{n}, c{n}, d{n}, y{n}, g{n}, ga{n}, gb{n}, gc{n}, gd{n};

  void forward() {
    over(
        n, [&](std::int64_t i, auto at) __attribute__((always_inline)) {
          const Vector t = avx::tanh(avx::fma(at.load(a.data + i), at.load(b.data + i), at.load(c.data + i)));
          at.store(y.data + i, t * avx::sigmoid(at.load(d.data + i)));
        });
  }
  void backward() {
    over(
        n, [&](std::int64_t i, auto at) __attribute__((always_inline)) {
          const Vector u = at.load(a.data + i), v = at.load(b.data + i), grad = at.load(g.data + i);
          const Vector t = avx::tanh(avx::fma(u, v, at.load(c.data + i))), s = avx::sigmoid(at.load(d.data + i));
          const Vector gs = grad * s, gz = avx::fnma(t * t, gs, gs), gt = gs * t;
          at.store(ga.data + i, gz * v);
          at.store(gb.data + i, gz * u);
          at.store(gc.data + i, gz);
          at.store(gd.data + i, avx::fnma(gt, s, gt));
        });
  }
};

struct Gelu {
  std::int64_t n;
  Array x{n}, w{n}, b{n}, y{n}, g{n}, gx{n}, gw{n}, gb{n};

  void forward() {
    over(
        n, [&](std::int64_t i, auto at) __attribute__((always_inline)) {
          const Vector z = avx::fma(at.load(x.data + i), at.load(w.data + i), at.load(b.data + i)), h = all(0.5f) * z;
          at.store(y.data + i, avx::fma(h, avx::erf(z * all(0.707106781f)), h));
        });
  }
  void backward() {
    over(
        n, [&](std::int64_t i, auto at) __attribute__((always_inline)) {
          const Vector u = at.load(x.data + i), v = at.load(w.data + i);
          const Vector z = avx::fma(u, v, at.load(b.data + i));
          const Vector density = avx::exp(avx::max(all(-0.5f) * z * z, all(-87))) * all(0.398942280f);
          const Vector slope = avx::fma(z, density, avx::fma(all(0.5f), avx::erf(z * all(0.707106781f)), all(0.5f)));
          const Vector gz = at.load(g.data + i) * slope;
          at.store(gx.data + i, gz * v);
          at.store(gw.data + i, gz * u);
          at.store(gb.data + i, gz);
        });
  }
};

template <class Formula>
void forward(benchmark::State& state) {
  Formula f{state.range(0)};
  for (auto _ : state) {
    f.forward();
    benchmark::ClobberMemory();
  }
}
template <class Formula>
void train(benchmark::State& state) {
  Formula f{state.range(0)};
  for (auto _ : state) {
    f.forward();
    f.backward();
    benchmark::ClobberMemory();
  }
}

}  // namespace

#define POINTWISE(function, name) BENCHMARK(function)->Name(name)->Arg(1000)->Arg(100000)->Arg(10000000)
POINTWISE(forward<Gates>, "gates_forward");
POINTWISE(forward<Gelu>, "gelu_forward");
POINTWISE(train<Gates>, "gates_train");
POINTWISE(train<Gelu>, "gelu_train");

BENCH_MAIN()
