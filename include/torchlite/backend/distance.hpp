// SPDX-License-Identifier: BSD-3-Clause
// The distance between two rows, and its gradient.
#pragma once
#include <torchlite/core/config.hpp>

#include <cmath>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

enum class DistanceKind { count, sum, euclidean, largest, power };
inline DistanceKind distance_kind(double p) {
  if (p == 0) return DistanceKind::count;
  if (p == 1) return DistanceKind::sum;
  if (p == 2) return DistanceKind::euclidean;
  return std::isinf(p) ? DistanceKind::largest : DistanceKind::power;
}

/// (sum |a - b|^p)^(1/p).
template <class T>
TORCHLITE_HOST_DEVICE T row_distance(DistanceKind kind, T p, std::int64_t n, const T* a, const T* b) {
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
        out = d > out || d != d ? d : out;
      }
      return out;
    case DistanceKind::power:
      for (std::int64_t i = 0; i < n; ++i) out += std::pow(std::fabs(a[i] - b[i]), p);
      return std::pow(out, 1 / p);
  }
  return out;
}

/// Whether a distance has a gradient at all: not where it is 0, unless it is a sum.
template <class T>
TORCHLITE_HOST_DEVICE bool distance_moves(DistanceKind kind, T distance) {
  return kind != DistanceKind::count && (distance != 0 || kind == DistanceKind::sum);
}
/// What every element's part in the gradient of a distance has in common.
template <class T>
TORCHLITE_HOST_DEVICE T distance_scale(DistanceKind kind, T p, T distance, T g) {
  return kind == DistanceKind::euclidean ? g / distance : kind == DistanceKind::power ? g * std::pow(distance, 1 - p) : g;
}
/// g d(distance)/d(d), d being a difference of elements.
template <class T>
TORCHLITE_HOST_DEVICE T distance_slope(DistanceKind kind, T p, T d, T distance, T scale) {
  const T sign = d > 0 ? T(1) : d < 0 ? T(-1) : d;
  if (kind == DistanceKind::euclidean) return scale * d;
  if (kind == DistanceKind::sum) return scale * sign;
  if (kind == DistanceKind::largest) return std::fabs(d) == distance ? scale * sign : T(0);
  return d != 0 ? scale * sign * std::pow(std::fabs(d), p - 1) : T(0);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
