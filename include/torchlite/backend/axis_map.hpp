// SPDX-License-Identifier: BSD-3-Clause
// Sparse linear maps along an axis: what resampling, padding, sliding windows and averages are made of, on any device.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// A linear map from `in` to `out` elements: y[i] = sum of weight[t] x[index[t]] over t in [begin[i], begin[i + 1]).
/// No weights: all are 1, which makes the map exact for integers too.
struct AxisTaps {
  std::int64_t in = 1, out = 0;
  std::vector<std::int64_t> begin{0}, index;
  std::vector<double> weight;

  AxisTaps() = default;
  explicit AxisTaps(std::int64_t size) : in(size) {}

  void tap(std::int64_t at) { index.push_back(at); }
  void tap(std::int64_t at, double by) {
    index.push_back(at);
    weight.push_back(by);
  }
  /// Ends the taps of one element of the result.
  void next() {
    ++out;
    begin.push_back(static_cast<std::int64_t>(index.size()));
  }

  /// The map of the gradients: element j sums what it was used for, in order.
  AxisTaps transposed() const {
    AxisTaps t(out);
    t.out = in;
    t.begin.assign(static_cast<std::size_t>(in) + 1, 0);
    for (std::int64_t at : index) ++t.begin[static_cast<std::size_t>(at) + 1];
    for (std::size_t j = 0; j < static_cast<std::size_t>(in); ++j) t.begin[j + 1] += t.begin[j];
    std::vector<std::int64_t> next_of(t.begin);
    t.index.resize(index.size());
    t.weight.resize(weight.size());
    for (std::int64_t i = 0; i < out; ++i)
      for (std::int64_t k = begin[static_cast<std::size_t>(i)]; k < begin[static_cast<std::size_t>(i) + 1]; ++k) {
        const std::size_t to = static_cast<std::size_t>(next_of[static_cast<std::size_t>(index[static_cast<std::size_t>(k)])]++);
        t.index[to] = i;
        if (!weight.empty()) t.weight[to] = weight[static_cast<std::size_t>(k)];
      }
    return t;
  }
};

/// Maps along the last three axes of x [planes, sizes[0], sizes[1], sizes[2]]; a null map leaves its axis as it is.
struct AxisMapArguments {
  std::int64_t planes = 1;
  std::int64_t sizes[3] = {1, 1, 1};
  const AxisTaps* taps[3] = {};

  constexpr std::int64_t out_size(int axis) const { return taps[axis] ? taps[axis]->out : sizes[axis]; }
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
