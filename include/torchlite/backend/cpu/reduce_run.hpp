// SPDX-License-Identifier: BSD-3-Clause
// Reductions of adjacent values in memory.
#pragma once
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

/// Reduces n <= block_size adjacent values.
template <class R>
typename R::State reduce_run(const typename R::Value* v, std::int64_t n, std::int64_t index, std::int64_t index_step) {
  using State = typename R::State;
  State s = R::identity();
  std::int64_t i = 0;
  if constexpr (requires { typename R::Extreme; }) {
    if (n >= 16) {
      // The value first, by vectors; then where it stands.
      const auto best = reduce_run<typename R::Extreme>(v, n, 0, 0);
      while (i < n && !(v[i] == best) && v[i] == v[i]) ++i;
      return R::lift(v[i], index + i * index_step);
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
  for (; i < n; ++i) s = R::combine(s, R::lift(v[i], index + i * index_step));
  return s;
}

/// Folds n adjacent values into n adjacent states.
template <class R>
void fold_columns(typename R::State* TORCHLITE_RESTRICT s, const typename R::Value* TORCHLITE_RESTRICT v, std::int64_t n, std::int64_t index,
                  std::int64_t index_step) {
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
  for (std::int64_t i = 0; i < n; i += 256) sum += static_cast<double>(reduce_run<SumReducer<V>>(v + i, std::min<std::int64_t>(256, n - i), 0, 0));
  return sum;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
