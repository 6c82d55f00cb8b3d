// SPDX-License-Identifier: BSD-3-Clause
// What kernels over rows share: they run over dense rows of register values by vectors.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/reduce_run.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/backend/layout.hpp>
#include <torchlite/core/math/bits.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// A row as register values side by side: the row itself if it is that, else a copy in the buffer, which has room for n.
template <class T, class R = register_t<T>>
const R* read_row(const T* x, std::int64_t step, std::int64_t n, R* buffer) {
  if (step == 1) {
    if constexpr (std::is_same_v<T, R>) {
      return x;
    } else {
      TORCHLITE_VECTORIZE
      for (std::int64_t i = 0; i < (n & ~std::int64_t{15}); ++i) buffer[i] = static_cast<R>(x[i]);
      for (std::int64_t i = n & ~std::int64_t{15}; i < n; ++i) buffer[i] = static_cast<R>(x[i]);
    }
  } else {
    for (std::int64_t i = 0; i < n; ++i) buffer[i] = static_cast<R>(x[i * step]);
  }
  return buffer;
}
/// The same of n elements side by side that may be missing: then it is `value` throughout.
template <class T, class R = register_t<T>>
const R* read_row_or(const T* x, R value, std::int64_t n, R* buffer) {
  if (x != nullptr) return read_row(x, 1, n, buffer);
  std::fill_n(buffer, n, value);
  return buffer;
}
/// Where a row is to be written: its place if register values side by side can stand there, else the buffer, from which
/// write_row then takes it.
template <class T, class R = register_t<T>>
R* row_target(T* y, std::int64_t step, R* buffer) {
  if constexpr (std::is_same_v<T, R>)
    if (step == 1) return y;
  return buffer;
}
template <class T, class R = register_t<T>>
void write_row(const R* from, std::int64_t n, T* y, std::int64_t step) {
  if constexpr (std::is_same_v<T, R>)
    if (from == y) return;
  if (step == 1) {
    TORCHLITE_VECTORIZE
    for (std::int64_t i = 0; i < (n & ~std::int64_t{15}); ++i) y[i] = static_cast<T>(from[i]);
    for (std::int64_t i = n & ~std::int64_t{15}; i < n; ++i) y[i] = static_cast<T>(from[i]);
  } else {
    for (std::int64_t i = 0; i < n; ++i) y[i * step] = static_cast<T>(from[i]);
  }
}

/// Access to a whole vector of a row, and to the part of one at its end, which is filled up with `rest`.
template <class R>
struct WholeVector {
  TORCHLITE_INLINE vector_register<R> load(const R* p, R = R(0)) const { return load_vector(p); }
  TORCHLITE_INLINE void store(R* p, vector_register<R> v) const { store_vector(p, v); }
};
template <class R>
struct PartOfVector {
  std::int64_t n;

  vector_register<R> load(const R* p, R rest = R(0)) const {
    alignas(64) R v[vector_lanes<R>];
    for (int k = 0; k < vector_lanes<R>; ++k) v[k] = k < n ? p[k] : rest;
    return load_vector(v);
  }
  void store(R* p, vector_register<R> value) const {
    alignas(64) R v[vector_lanes<R>];
    store_vector(v, value);
    for (int k = 0; k < n; ++k) p[k] = v[k];
  }
};

/// f(Index<k>, i, access) for every vector of [begin, end), i being where it begins; k counts modulo 4, so that four chains of
/// operations can hide each other's latency.
template <class R, class F>
TORCHLITE_INLINE void each_vector(std::int64_t begin, std::int64_t end, F&& f) {
  constexpr int lanes = vector_lanes<R>;
  std::int64_t i = begin;
  for (; i + 4 * lanes <= end; i += 4 * lanes)
    unrolled<4>([&](auto k) __attribute__((always_inline)) { f(k, i + decltype(k)::value * lanes, WholeVector<R>{}); });
  for (; i + lanes <= end; i += lanes) f(Index<0>{}, i, WholeVector<R>{});
  if (i < end) f(Index<1>{}, i, PartOfVector<R>{end - i});
}

template <class R, class Op>
TORCHLITE_INLINE R fold_lanes_of(vector_register<R> v, Op op) {
  alignas(64) R x[vector_lanes<R>];
  store_vector(x, v);
  return fold_halves<vector_lanes<R>>(x, op);
}

/// N sums over a row: f(sums, i, access) adds what a vector of the row contributes to sums[0] ... sums[N - 1]. A lane takes at most
/// 16 elements in a row, the rest is added in double.
template <class R, int N, class F>
TORCHLITE_INLINE void sum_rows(double (&total)[N], std::int64_t n, F&& f) {
  constexpr std::int64_t run = 64 * vector_lanes<R>;
  for (double& t : total) t = 0;
  for (std::int64_t begin = 0; begin < n; begin += run) {
    vector_register<R> sums[4][N] = {};
    each_vector<R>(
        begin, std::min(n, begin + run), [&](auto k, std::int64_t i, auto access) __attribute__((always_inline)) {
          f(sums[decltype(k)::value], i, access);
        });
    unrolled<N>([&](auto j) __attribute__((always_inline)) {
      constexpr int s = decltype(j)::value;
      total[s] += static_cast<double>(fold_lanes_of<R>((sums[0][s] + sums[1][s]) + (sums[2][s] + sums[3][s]),
                                                       [](R a, R b) __attribute__((always_inline)) { return a + b; }));
    });
  }
}

/// c0 + c1 x + c2 x^2 + ...
template <class R>
TORCHLITE_INLINE vector_register<R> vector_polynomial(vector_register<R>, R c) {
  return vector_register<R>{} + c;
}
template <class R, class... Rest>
TORCHLITE_INLINE vector_register<R> vector_polynomial(vector_register<R> x, R c, Rest... rest) {
  return vector_polynomial<R>(x, rest...) * x + c;
}

/// e^d for floats -87 <= d <= 0, where d = (16 n + k) ln 2 / 16 + r: with 2^(k / 16) from a table, two terms of e^r do instead of five.
/// Source: Tang, Table-driven implementation of the exponential function, ACM TOMS 1989.
TORCHLITE_INLINE vector_register<float> exp_by_table(vector_register<float> x) {
  using V = vector_register<float>;
  using Words = vector_register<std::uint32_t>;
  alignas(64) static constexpr float sixteenths[16] = {
      1.0f,          1.0442737824f, 1.0905077327f, 1.1387886348f, 1.1892071150f, 1.2418578121f, 1.2968395547f, 1.3542555469f,
      1.4142135624f, 1.4768261459f, 1.5422108254f, 1.6104903320f, 1.6817928305f, 1.7562521604f, 1.8340080864f, 1.9152065614f};
  constexpr float magic = math::FloatLayout<float>::round_magic;
  const V shifted = x * (16 * 1.4426950408889634f) + magic;  // 16 n + k stands in its low bits
  const V steps = shifted - magic;
  const V r = (x - steps * (0.693359375f / 16)) - steps * (-2.12194440054690583e-4f / 16);
  const V tail = (r * 0.166666667f + 0.5f) * (r * r) + r;
  const V power = (V)((Words)look_up(load_vector(sixteenths), (Words)shifted) + ((Words)shifted >> 4 << 23));
  return tail * power + power;
}

/// e^d for d <= 0 (and a little above), by vectors; 1.1 ulp. What would be denormal is 0: such results cost a hundred cycles each, and
/// rows that are masked or padded with -inf are full of them. d = n ln 2 + r as in core/math/exponential.hpp.
template <class R>
TORCHLITE_INLINE vector_register<R> exp_below_zero(vector_register<R> d) {
  using V = vector_register<R>;
  using Words = vector_register<math::Word<R>>;
  constexpr bool single = std::is_same_v<R, float>;
  constexpr R magic = math::FloatLayout<R>::round_magic;
  constexpr R high = single ? R(0.693359375) : R(0x1.62e42fefa3800p-1),
              rest = single ? R(-2.12194440054690583e-4) : R(0x1.ef35793c76730p-45);
  const V lowest = V{} + (single ? R(-87) : R(-700));
  const V x = d < lowest ? lowest : d;  // a NaN stays
  if constexpr (single && has_float_tables) return d < lowest ? V{} : exp_by_table(x);
  const V shifted = x * R(1.4426950408889634) + magic;
  const V n = shifted - magic;
  const V r = (x - n * high) - n * rest;
  V near_one;  // e^r, minimax
  if constexpr (single) near_one = vector_polynomial<R>(r, 1.0f, 1.0f, 0.49999994f, 0.1666652f, 0.041668404f, 0.008368899f, 0.0013814222f);
  else
    near_one = vector_polynomial<R>(r, 1.0, 1.0, 0.50000000000000056, 0.16666666666666685, 0.041666666666571442, 0.0083333333333142044,
                                    0.001388888893314028, 0.00019841269903999093, 2.4801503481675878e-05, 2.7557226991609388e-06,
                                    2.7626727033021894e-07, 2.5114803911564616e-08);
  const Words power = ((Words)shifted << math::FloatLayout<R>::mantissa) + math::bits(R(1));
  return d < lowest ? V{} : near_one * (V)power;
}

/// The largest element of a row; 0 if it is infinite, for it is about to be subtracted. A NaN counts or does not: the
/// powers that follow show it.
template <class R>
R row_top(const R* row, std::int64_t n) {
  using V = vector_register<R>;
  constexpr R lowest = -std::numeric_limits<R>::infinity();
  V best[4];
  for (V& b : best) b = V{} + lowest;
  each_vector<R>(
      0, n, [&](auto k, std::int64_t i, auto access) __attribute__((always_inline)) {
        V& b = best[decltype(k)::value];
        const V v = access.load(row + i, lowest);
        b = v > b ? v : b;
      });
  for (int k = 1; k < 4; ++k) best[0] = best[k] > best[0] ? best[k] : best[0];
  const R top = fold_lanes_of<R>(
      best[0], [](R a, R b) __attribute__((always_inline)) { return math::greater(a, b); });
  return top == lowest ? R(0) : top;
}

/// The sum of e^(x - top) over a row; each vector of the powers goes to keep(i, access, powers).
template <class R, class Keep>
TORCHLITE_INLINE double exponential_sum(const R* row, std::int64_t n, R top, Keep&& keep) {
  double total[1];
  sum_rows<R>(
      total, n, [&](auto& sums, std::int64_t i, auto access) __attribute__((always_inline)) {
        const vector_register<R> e = exp_below_zero<R>(access.load(row + i, -std::numeric_limits<R>::infinity()) - top);
        sums[0] += e;
        keep(i, access, e);
      });
  return total[0];
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
