// SPDX-License-Identifier: BSD-3-Clause
// Counting values in bins.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/histogram.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>

#include <algorithm>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Adds each of n points of `dims` coordinates to its bin of a dense histogram, with its weight or as 1. Fixed chunks have
/// histograms of their own, added in order.
template <class T>
void histogram(Cpu, const T* points, std::int64_t n, int dims, const BinEdges* bins, const T* weights, double* out) {
  count_kernel("histogram");
  std::int64_t total = 1;
  for (int d = 0; d < dims; ++d) total *= bins[d].bins;
  const std::int64_t chunks = std::clamp<std::int64_t>(n / std::max<std::int64_t>(32768, 4 * total), 1, 16);
  std::vector<double> sums(static_cast<std::size_t>(chunks * total));
  parallel_for(chunks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      double* const own = sums.data() + c * total;
      for (std::int64_t i = n * c / chunks; i < n * (c + 1) / chunks; ++i) {
        const std::int64_t at = bin_of_point(points + i * dims, dims, bins);
        if (at >= 0) own[at] += weights != nullptr ? static_cast<double>(weights[i]) : 1;
      }
    }
  });
  for (std::int64_t i = 0; i < total; ++i) {
    out[i] = 0;
    for (std::int64_t c = 0; c < chunks; ++c) out[i] += sums[static_cast<std::size_t>(c * total + i)];
  }
}

/// The smallest and the largest of n values: 0 and 0 if there is none, NaN if one is NaN.
template <class T>
void value_range(Cpu, const T* x, std::int64_t n, std::int64_t step, double* low, double* high) {
  *low = *high = n > 0 ? static_cast<double>(x[0]) : 0;
  for (std::int64_t i = 1; i < n; ++i) {
    const double v = static_cast<double>(x[i * step]);
    if (v < *low || v != v) *low = v;
    if (v > *high || v != v) *high = v;
    if (v != v) return;
  }
}

/// out[x[i]] += weights[i], or 1; x holds numbers from 0 to before the size of out, which is 0 before.
template <class T, class W>
void bincount(Cpu, const T* x, std::int64_t n, const W* weights, std::int64_t, W* out) {
  count_kernel("bincount");
  for (std::int64_t i = 0; i < n; ++i) out[static_cast<std::int64_t>(x[i])] += weights != nullptr ? weights[i] : W(1);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
