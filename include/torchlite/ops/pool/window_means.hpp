// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/pool.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/resample/axis_map.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The sum of each window along one axis, as a map.
inline backend::AxisTaps window_taps(const backend::PoolAxis& axis) {
  backend::AxisTaps taps(axis.in);
  for (std::int64_t i = 0; i < axis.out; ++i) {
    const std::size_t at = static_cast<std::size_t>(i);
    for (std::int64_t k = axis.start[at]; k < axis.end[at]; k += axis.step) taps.tap(k);
    taps.next();
  }
  return taps;
}

/// The means of windows of the last three dimensions: sums axis by axis, divided by divisor_override or by how many elements each
/// window counts.
template <class T, class D>
Tensor<T, D> window_means(const char* name, Site site, const Tensor<T, D>& x, const backend::PoolWindows& w,
                          std::int64_t divisor_override) {
  using A = register_t<T>;
  if constexpr (!std::is_same_v<T, A>) {  // a sum would overflow half precision long before its mean
    return Tensor<T, D>(to<T>(window_means(name, site, Tensor<A, D>(to<A>(x)), w, divisor_override)));
  } else {
    AxisMaps maps;
    std::vector<T> counts;
    bool equal = true;
    for (int axis = 0; axis < 3; ++axis) maps.set(axis - 3, window_taps(w.axes[axis]));
    for (std::int64_t d : w.axes[0].count)
      for (std::int64_t h : w.axes[1].count)
        for (std::int64_t v : w.axes[2].count) {
          counts.push_back(static_cast<T>(d * h * v));
          equal = equal && counts.back() == counts.front();
        }
    const Tensor<T, D> sums = map_axes_recorded(name, site, x, std::move(maps));
    if (divisor_override != 0) return div(sums, static_cast<T>(divisor_override)).eval(site);
    if (counts.empty()) return sums;
    if (equal) return div(sums, counts.front()).eval(site);
    return div(sums, Tensor<T, D>::from(counts, {w.axes[0].out, w.axes[1].out, w.axes[2].out})).eval(site);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI
