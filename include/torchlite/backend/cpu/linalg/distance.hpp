// SPDX-License-Identifier: BSD-3-Clause
// Distances between all pairs of rows, and their gradients.
#pragma once
#include <torchlite/backend/cpu/linalg/scalar.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/distance.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// to += g d(distance)/da.
template <class T>
void add_distance_gradient(DistanceKind kind, T p, std::int64_t n, const T* a, const T* b, T distance, T g, T* to) {
  if (!distance_moves(kind, distance)) return;
  const T scale = distance_scale(kind, p, distance, g);
  for (std::int64_t i = 0; i < n; ++i) to[i] += distance_slope(kind, p, a[i] - b[i], distance, scale);
}

/// out [count, rows_a, rows_b] from dense a [count, rows_a, n] and b [count, rows_b, n].
template <class T>
void pair_distances(Cpu, double p, std::int64_t count, std::int64_t rows_a, std::int64_t rows_b, std::int64_t n, const T* a, const T* b,
                    T* out) {
  const DistanceKind kind = distance_kind(p);
  parallel_for(count * rows_a, linalg_grain(rows_b * (n + 1)), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t q = begin; q < end; ++q)
      for (std::int64_t j = 0; j < rows_b; ++j)
        out[q * rows_b + j] = row_distance(kind, static_cast<T>(p), n, a + q * n, b + (q / rows_a * rows_b + j) * n);
  });
}

/// The gradient of a, or with the operands exchanged (`across`: distances and g are [count, rows_b, rows_a]) that of b.
template <class T>
void pair_distance_gradient(Cpu, double p, std::int64_t count, std::int64_t rows_a, std::int64_t rows_b, std::int64_t n, bool across,
                            const T* a, const T* b, const T* distances, const T* g, T* to) {
  const DistanceKind kind = distance_kind(p);
  parallel_for(count * rows_a, linalg_grain(rows_b * (n + 1)), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t q = begin; q < end; ++q) {
      const std::int64_t batch = q / rows_a, i = q % rows_a;
      for (std::int64_t k = 0; k < n; ++k) to[q * n + k] = T(0);
      for (std::int64_t j = 0; j < rows_b; ++j) {
        const std::int64_t at = across ? (batch * rows_b + j) * rows_a + i : q * rows_b + j;
        add_distance_gradient(kind, static_cast<T>(p), n, a + q * n, b + (batch * rows_b + j) * n, distances[at], g[at], to + q * n);
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
