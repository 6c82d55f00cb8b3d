// SPDX-License-Identifier: BSD-3-Clause
// Distances between all pairs of rows, without the launch: a thread for each pair and, of the gradient, for each element.
#pragma once
#include <torchlite/backend/distance.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// out [count, rows_a, rows_b].
template <class T>
struct PairDistance {
  DistanceKind kind;
  T p;
  std::int64_t rows_a, rows_b, n;
  const T *a, *b;
  T* out;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t row = i / rows_b;
    out[i] = row_distance(kind, p, n, a + row * n, b + (row / rows_a * rows_b + i % rows_b) * n);
  }
};

/// to [count, rows_a, n]; across: distances and g are [count, rows_b, rows_a].
template <class T>
struct PairDistanceGradient {
  DistanceKind kind;
  T p;
  std::int64_t rows_a, rows_b, n;
  bool across;
  const T *a, *b, *distances, *g;
  T* to;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t row = i / n, batch = row / rows_a;
    T sum = 0;
    for (std::int64_t j = 0; j < rows_b; ++j) {
      const std::int64_t at = across ? (batch * rows_b + j) * rows_a + row % rows_a : row * rows_b + j;
      const T distance = distances[at];
      if (!distance_moves(kind, distance)) continue;
      sum += distance_slope(kind, p, a[i] - b[(batch * rows_b + j) * n + i % n], distance, distance_scale(kind, p, distance, g[at]));
    }
    to[i] = sum;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
