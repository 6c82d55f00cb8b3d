// SPDX-License-Identifier: BSD-3-Clause
// Sums of elements with given weights, without the launch; where the elements are is said by GridIndices (backend/grid_sample.hpp).
#pragma once
#include <torchlite/backend/grid_sample.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// y[n, c, p] = sum over t of weight[n, t, p] x[n, c, index[n, t, p]].
template <class T>
struct WeightedTapsForward {
  WeightedTaps s;
  const std::int64_t* index;
  const T *weight, *x;
  T* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t plane = i / s.points, first = plane / s.channels * s.taps * s.points + i % s.points;
    T sum = 0;
    for (std::int64_t t = 0; t < s.taps; ++t) {
      const std::int64_t at = index[first + t * s.points];
      sum += weight[first + t * s.points] * (at >= 0 ? x[plane * s.size + at] : T(0));
    }
    y[i] = sum;
  }
};

/// dweight[n, t, p] = sum over c of dy[n, c, p] x[n, c, index[n, t, p]].
template <class T>
struct WeightedTapsToWeight {
  WeightedTaps s;
  const std::int64_t* index;
  const T *dy, *x;
  T* dweight;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t n = i / (s.taps * s.points), p = i % s.points, at = index[i];
    T sum = 0;
    for (std::int64_t c = n * s.channels; c < (n + 1) * s.channels; ++c)
      sum += dy[c * s.points + p] * (at >= 0 ? x[c * s.size + at] : T(0));
    dweight[i] = sum;
  }
};

/// The element that each tap reads, as a key to sort by; taps that read none come last.
struct TapKeys {
  WeightedTaps s;
  const std::int64_t* index;
  std::uint64_t* keys;
  std::int64_t* numbers;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    keys[i] = static_cast<std::uint64_t>(index[i] < 0 ? s.batch * s.size : i / (s.taps * s.points) * s.size + index[i]);
    numbers[i] = i;
  }
};
/// dx, which is 0 before: one thread for each tap in sorted order and each channel; the first of an element's taps adds them all, in order.
template <class T>
struct WeightedTapsToInput {
  WeightedTaps s;
  const std::uint64_t* keys;
  const std::int64_t* numbers;
  const T *weight, *dy;
  T* dx;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t count = s.batch * s.taps * s.points, first = i % count, channel = i / count;
    const std::uint64_t key = keys[first];
    if (static_cast<std::int64_t>(key) == s.batch * s.size || (first > 0 && keys[first - 1] == key)) return;
    const std::int64_t plane = static_cast<std::int64_t>(key) / s.size * s.channels + channel;
    T sum = 0;
    for (std::int64_t k = first; k < count && keys[k] == key; ++k) sum += weight[numbers[k]] * dy[plane * s.points + numbers[k] % s.points];
    dx[plane * s.size + static_cast<std::int64_t>(key) % s.size] = sum;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
