// SPDX-License-Identifier: BSD-3-Clause
// Numbers for kernels on raw memory, and how far two results of them lie apart.
#pragma once
#include <torchlite/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace vectors {

/// n numbers in [-bound, bound).
template <class T>
std::vector<T> numbers(std::int64_t n, std::uint32_t seed, float bound = 4) {
  const torchlite::RandomStream stream{seed, 0};
  std::vector<T> v(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<T>((stream.uniform<float>(i) * 2 - 1) * bound);
  return v;
}

/// The largest |a - b| / max(1, |b|); infinite if the sizes differ, or if one has a NaN or an infinity where the other has none.
template <class T>
double difference(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return INFINITY;
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    if (!std::isfinite(x - y)) return INFINITY;
    most = std::max(most, std::abs(x - y) / std::max(1.0, std::abs(y)));
  }
  return most;
}

}  // namespace vectors
