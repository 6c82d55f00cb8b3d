// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// How many of n numbers in ascending order are below v, or also those equal to it.
template <bool OrEqual, class T>
TORCHLITE_HOST_DEVICE std::int64_t count_below(const T* ascending, std::int64_t n, T v) {
  std::int64_t first = 0;
  while (n > 0) {
    const std::int64_t half = n / 2;
    const T middle = ascending[first + half];
    if (OrEqual ? !(v < middle) : middle < v) first += half + 1, n -= half + 1;
    else n = half;
  }
  return first;
}

/// The bins along one dimension: edges[i] <= value < edges[i + 1], the last one with its right edge.
struct BinEdges {
  const double* edges = nullptr;
  std::int64_t bins = 0;
  bool even = false;      ///< all of the same width: the bin is computed
  bool corrected = true;  ///< then compared with the edges next to it, so that rounding cannot put a value on the wrong side

  /// The bin of a value; -1 if it lies outside or is NaN.
  TORCHLITE_HOST_DEVICE std::int64_t find(double v) const {
    const double low = edges[0], high = edges[bins];
    if (!(v >= low && v <= high)) return -1;
    std::int64_t at;
    if (even) {
      at = static_cast<std::int64_t>((v - low) * static_cast<double>(bins) / (high - low));
      if (corrected) {
        const std::int64_t first = at > 0 ? at - 1 : 0, last = at + 2 < bins + 1 ? at + 2 : bins + 1;
        at = first + count_below<true>(edges + first, last - first, v) - 1;
      }
    } else {
      at = count_below<true>(edges, bins + 1, v) - 1;
    }
    return at < bins - 1 ? at : bins - 1;
  }
};

/// The bin of a point in a dense histogram of `dims` dimensions; -1 if it lies outside.
template <class T>
TORCHLITE_HOST_DEVICE std::int64_t bin_of_point(const T* point, int dims, const BinEdges* bins) {
  std::int64_t at = 0;
  for (int d = 0; d < dims && at >= 0; ++d) {
    const std::int64_t bin = bins[d].find(static_cast<double>(point[d]));
    at = bin < 0 ? -1 : at * bins[d].bins + bin;
  }
  return at;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
