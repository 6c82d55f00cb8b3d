// SPDX-License-Identifier: BSD-3-Clause
// Distances between all pairs of rows, and their gradients.
#pragma once
#include <torchlite/backend/cpu/linalg/scalar.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

enum class DistanceKind { count, sum, euclidean, largest, power };
inline DistanceKind distance_kind(double p) {
  if (p == 0) return DistanceKind::count;
  if (p == 1) return DistanceKind::sum;
  if (p == 2) return DistanceKind::euclidean;
  return std::isinf(p) ? DistanceKind::largest : DistanceKind::power;
}

/// (sum |a - b|^p)^(1/p).
template <class T>
T row_distance(DistanceKind kind, T p, std::int64_t n, const T* a, const T* b) {
  T out = 0;
  switch (kind) {
    case DistanceKind::count:
      for (std::int64_t i = 0; i < n; ++i) out += a[i] == b[i] ? T(0) : T(1);
      return out;
    case DistanceKind::sum:
      for (std::int64_t i = 0; i < n; ++i) out += std::fabs(a[i] - b[i]);
      return out;
    case DistanceKind::euclidean:
      for (std::int64_t i = 0; i < n; ++i) out += (a[i] - b[i]) * (a[i] - b[i]);
      return std::sqrt(out);
    case DistanceKind::largest:
      for (std::int64_t i = 0; i < n; ++i) {
        const T d = std::fabs(a[i] - b[i]);
        out = d > out || std::isnan(d) ? d : out;
      }
      return out;
    case DistanceKind::power:
      for (std::int64_t i = 0; i < n; ++i) out += std::pow(std::fabs(a[i] - b[i]), p);
      return std::pow(out, 1 / p);
  }
  return out;
}

/// to += g d(distance)/da.
template <class T>
void add_distance_gradient(DistanceKind kind, T p, std::int64_t n, const T* a, const T* b, T distance, T g, T* to) {
  if (kind == DistanceKind::count || (distance == 0 && kind != DistanceKind::sum)) return;
  const auto sign = [](T d) { return d > 0 ? T(1) : d < 0 ? T(-1) : d; };
  const T scale = kind == DistanceKind::euclidean ? g / distance : kind == DistanceKind::power ? g * std::pow(distance, 1 - p) : g;
  for (std::int64_t i = 0; i < n; ++i) {
    const T d = a[i] - b[i];
    if (kind == DistanceKind::euclidean) to[i] += scale * d;
    else if (kind == DistanceKind::sum) to[i] += scale * sign(d);
    else if (kind == DistanceKind::largest) to[i] += std::fabs(d) == distance ? scale * sign(d) : T(0);
    else if (d != 0) to[i] += scale * sign(d) * std::pow(std::fabs(d), p - 1);
  }
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
