// SPDX-License-Identifier: BSD-3-Clause
// Reductions of adjacent values in memory.
#pragma once
#include <torchlite/backend/cpu/gemm_kernel.hpp>
#include <torchlite/backend/reducer.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Interleaved partial results over a multiple of Lanes elements: the form of loop that vectorises.
template <class R, int Lanes>
TORCHLITE_INLINE typename R::Lane fold_lanes(const typename R::Value* v, std::int64_t n) {
  using Lane = typename R::Lane;
  Lane lanes[Lanes];
  for (int k = 0; k < Lanes; ++k) lanes[k] = R::lane_of(v[k]);
  for (std::int64_t i = Lanes; i < n; i += Lanes) {
    TORCHLITE_VECTORIZE
    for (int k = 0; k < Lanes; ++k) lanes[k] = R::lane_add(lanes[k], R::lane_of(v[i + k]));
  }
  for (int width = Lanes / 2; width > 0; width /= 2)
    for (int k = 0; k < width; ++k) lanes[k] = R::lane_add(lanes[k], lanes[k + width]);
  return lanes[0];
}

/// op over N values, N a power of two: the halves with each other until one is left.
template <int N, class V, class Op>
TORCHLITE_INLINE V fold_halves(const V* v, Op op) {
  if constexpr (N == 1) return v[0];
  else {
    V half[N / 2];
    for (int k = 0; k < N / 2; ++k) half[k] = op(v[k], v[k + N / 2]);
    return fold_halves<N / 2>(half, op);
  }
}
/// The largest or smallest of n values, n a multiple of Registers vectors; NaN if there is one.
template <bool Largest, int Registers, class V>
TORCHLITE_INLINE V extreme_of_vectors(const V* v, std::int64_t n) {
  using Vector = vector_register<V>;
  constexpr int lanes = vector_lanes<V>;
  const auto better = [](auto a, auto b) __attribute__((always_inline)) { return Largest ? (a > b ? a : b) : (a < b ? a : b); };
  Vector best[Registers], poison{};  // 0, or a NaN that was met in this lane: comparisons do not see it
  for (int k = 0; k < Registers; ++k) best[k] = load_vector(v + k * lanes);
  for (std::int64_t i = 0; i < n; i += Registers * lanes)
    unrolled<Registers>([&](auto k) __attribute__((always_inline)) {
      constexpr int r = decltype(k)::value;
      const Vector x = load_vector(v + i + r * lanes);
      best[r] = better(x, best[r]);
      poison = x == x ? poison : x;
    });
  for (int k = 1; k < Registers; ++k) best[0] = better(best[0], best[k]);
  alignas(64) V block[lanes], bad[lanes];
  store_vector(block, best[0]);
  store_vector(bad, poison);
  const V nan = fold_halves<lanes>(
      bad, [](V a, V b) __attribute__((always_inline)) { return a + b; });
  return nan == nan ? fold_halves<lanes>(block, better) : nan;
}

/// The sum of 16 values.
template <class V>
TORCHLITE_INLINE V sum_of_block(const V* v) {
  return fold_halves<16>(
      v, [](V a, V b) __attribute__((always_inline)) { return a + b; });
}
/// The sum of n values, n a multiple of 16 and of Registers vectors.
template <int Registers, class V>
TORCHLITE_INLINE V sum_of_vectors(const V* v, std::int64_t n) {
  constexpr int lanes = vector_lanes<V>;
  vector_register<V> sums[Registers] = {};
  for (std::int64_t i = 0; i < n; i += Registers * lanes)
    unrolled<Registers>([&](auto k) __attribute__((always_inline)) {
      constexpr int r = decltype(k)::value;
      sums[r] += load_vector(v + i + r * lanes);
    });
  for (int width = Registers / 2; width * lanes >= 16; width /= 2)
    for (int k = 0; k < width; ++k) sums[k] += sums[k + width];
  alignas(64) V block[16];
  for (int k = 0; k < 16 / lanes; ++k) store_vector(block + k * lanes, sums[k]);
  return sum_of_block(block);
}

/// Reduces n <= 256 adjacent values.
template <class R>
typename R::State reduce_run(const typename R::Value* v, std::int64_t n) {
  using State = typename R::State;
  using V = typename R::Value;
  State s = R::identity();
  std::int64_t i = 0;
  constexpr bool largest = std::is_same_v<R, MaxReducer<V>>;
  if constexpr ((largest || std::is_same_v<R, MinReducer<V>>)&&std::is_floating_point_v<V>) {
    constexpr std::int64_t lanes = vector_lanes<V>;
    if (n >= 4 * lanes) {
      i = n & ~(4 * lanes - 1);
      s = extreme_of_vectors<largest, 4>(v, i);
    } else if (n >= lanes) {
      i = n & ~(lanes - 1);
      s = extreme_of_vectors<largest, 1>(v, i);
    }
    for (; i < n; ++i)
      if (!(largest ? v[i] <= s : v[i] >= s) && s == s) s = v[i];
  } else if constexpr (std::is_same_v<R, SumReducer<V>> && std::is_floating_point_v<V>) {
    constexpr int block = 16 / vector_lanes<V>;  // registers of 16 values
    if (n >= 64) {
      i = n & ~std::int64_t{63};
      s = static_cast<State>(sum_of_vectors<4 * block>(v, i));
    } else if (n >= 16) {
      i = n & ~std::int64_t{15};
      s = static_cast<State>(sum_of_vectors<block>(v, i));
    }
  } else {
    if (n >= 128) {
      i = n & ~std::int64_t{63};
      s = static_cast<State>(fold_lanes<R, 64>(v, i));
    } else if (n >= 16) {
      i = n & ~std::int64_t{15};
      s = static_cast<State>(fold_lanes<R, 16>(v, i));
    }
  }
  for (; i < n; ++i) s = R::combine(s, R::lift(v[i], 0));
  return s;
}

/// Folds n <= 256 adjacent values, of which the first has the given index, into a state.
template <class R>
void fold_run(typename R::State& s, const typename R::Value* v, std::int64_t n, std::int64_t index, std::int64_t index_step) {
  if constexpr (requires { typename R::Extreme; }) {
    if (n < 8) {
      for (std::int64_t i = 0; i < n; ++i) s = R::combine(s, R::lift(v[i], index + i * index_step));
      return;
    }
    // The value first, by vectors; then, if it counts, where it stands.
    using Extreme = typename R::Extreme;
    const auto best = reduce_run<Extreme>(v, n);
    if (s.index >= 0 && best == best) {
      const bool worse = !(Extreme::combine(s.value, best) == best) || (best == s.value && s.index < index);
      if (worse) return;
    }
    std::int64_t i = 0;
    while (i < n && !(v[i] == best) && v[i] == v[i]) ++i;
    s = R::combine(s, R::lift(v[i], index + i * index_step));
  } else {
    s = R::combine(s, reduce_run<R>(v, n));
  }
}

/// Folds n adjacent values into n adjacent states.
template <class R>
void fold_columns(typename R::State* TORCHLITE_RESTRICT s, const typename R::Value* TORCHLITE_RESTRICT v, std::int64_t n,
                  std::int64_t index, std::int64_t index_step) {
  std::int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    TORCHLITE_VECTORIZE
    for (int k = 0; k < 16; ++k) s[i + k] = R::combine(s[i + k], R::lift(v[i + k], index + (i + k) * index_step));
  }
  for (; i < n; ++i) s[i] = R::combine(s[i], R::lift(v[i], index + i * index_step));
}

/// The sum of any number of adjacent values: by vectors within 256, in double beyond.
template <class V>
double sum_run(const V* v, std::int64_t n) {
  double sum = 0;
  for (std::int64_t i = 0; i < n; i += 256)
    sum += static_cast<double>(reduce_run<SumReducer<V>>(v + i, std::min<std::int64_t>(256, n - i)));
  return sum;
}

/// The sum of f(i) over [0, n): f is evaluated into blocks.
template <class R, class F>
TORCHLITE_INLINE double sum_values(std::int64_t n, F f) {
  alignas(64) R block[256];
  double sum = 0;
  for (std::int64_t at = 0; at < n; at += 256) {
    const std::int64_t count = std::min<std::int64_t>(256, n - at);
    std::int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
      TORCHLITE_VECTORIZE
      for (int k = 0; k < 16; ++k) block[i + k] = f(at + i + k);
    }
    for (; i < count; ++i) block[i] = f(at + i);
    sum += static_cast<double>(reduce_run<SumReducer<R>>(block, count));
  }
  return sum;
}

/// f(i) for all of [0, n), by vectors.
template <class F>
TORCHLITE_INLINE void each_value(std::int64_t n, F f) {
  std::int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    TORCHLITE_VECTORIZE
    for (int k = 0; k < 16; ++k) f(i + k);
  }
  for (; i < n; ++i) f(i);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
