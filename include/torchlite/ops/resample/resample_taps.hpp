// SPDX-License-Identifier: BSD-3-Clause
// Which elements of an axis make an element of the resized axis, and with which weights, by PyTorch's rules.
#pragma once
#include <torchlite/backend/axis_map.hpp>
#include <torchlite/core/error.hpp>

#include <algorithm>
#include <cmath>

namespace torchlite::inline TORCHLITE_ABI::resampling {

/// An axis of `in` elements made one of `out`.
struct Axis {
  std::int64_t in = 1, out = 1;
  double factor = 0;  ///< the scale factor that was asked for, to place the elements by; 0: out / in
  bool align_corners = false;

  /// How far elements of the result lie apart, in elements of the input.
  double scale() const {
    if (align_corners) return out > 1 ? static_cast<double>(in - 1) / static_cast<double>(out - 1) : 0;
    return factor > 0 ? 1 / factor : static_cast<double>(in) / static_cast<double>(out);
  }
  /// Where the centre of element i lies in the input; 0 is the centre of its first element.
  double source(std::int64_t i) const {
    return align_corners ? scale() * static_cast<double>(i) : scale() * (static_cast<double>(i) + 0.5) - 0.5;
  }
};

/// The nearest element by the rounding of PyTorch's "nearest" (which is a floor, as OpenCV's), or by that of "nearest-exact".
/// single: the arithmetic of tensors of at most single precision.
inline backend::AxisTaps nearest(const Axis& a, bool exact, bool single) {
  backend::AxisTaps taps(a.in);
  const double scale = a.factor > 0 ? 1 / a.factor : static_cast<double>(a.in) / static_cast<double>(a.out);
  for (std::int64_t i = 0; i < a.out; ++i) {
    const double at = static_cast<double>(i) + (exact ? 0.5 : 0.0);
    const float place = single ? static_cast<float>(at) * static_cast<float>(scale) : static_cast<float>(at * scale);
    taps.tap(std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(place)), 0, a.in - 1));
    taps.next();
  }
  return taps;
}

/// The two neighbours, weighted by nearness; beyond the ends the end.
inline backend::AxisTaps linear(const Axis& a) {
  backend::AxisTaps taps(a.in);
  for (std::int64_t i = 0; i < a.out; ++i) {
    const double place = std::max(a.source(i), 0.0);
    const std::int64_t at = std::min(static_cast<std::int64_t>(place), a.in - 1);
    const double right = std::clamp(place - static_cast<double>(at), 0.0, 1.0);
    taps.tap(at, 1 - right);
    taps.tap(std::min(at + 1, a.in - 1), right);
    taps.next();
  }
  return taps;
}

/// The cubic convolution kernel of Keys (1981), with its parameter a.
inline double cubic_kernel(double distance, double a) {
  const double x = std::fabs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

/// Four neighbours, weighted by the cubic kernel with a = -0.75; beyond the ends the end.
inline backend::AxisTaps cubic(const Axis& a) {
  backend::AxisTaps taps(a.in);
  for (std::int64_t i = 0; i < a.out; ++i) {
    const double place = a.source(i), floor = std::floor(place), right = place - floor;
    for (int k = -1; k <= 2; ++k)
      taps.tap(std::clamp<std::int64_t>(static_cast<std::int64_t>(floor) + k, 0, a.in - 1), cubic_kernel(right - k, -0.75));
    taps.next();
  }
  return taps;
}

/// All elements under a triangle (or, with cubic, the kernel with a = -0.5) that is as wide as an element of the result when
/// the axis shrinks: what Pillow does.
inline backend::AxisTaps antialiased(const Axis& a, bool cubic) {
  backend::AxisTaps taps(a.in);
  const double scale = a.scale(), radius = cubic ? 2 : 1, support = scale >= 1 ? radius * scale : radius;
  const double shrink = scale >= 1 ? 1 / scale : 1;
  std::vector<double> weights;
  for (std::int64_t i = 0; i < a.out; ++i) {
    const double centre = scale * (static_cast<double>(i) + 0.5);
    const std::int64_t first = std::max<std::int64_t>(static_cast<std::int64_t>(centre - support + 0.5), 0);
    const std::int64_t last = std::min(static_cast<std::int64_t>(centre + support + 0.5), a.in);
    weights.clear();
    double total = 0;
    for (std::int64_t k = first; k < last; ++k) {
      const double distance = (static_cast<double>(k) - centre + 0.5) * shrink;
      weights.push_back(cubic ? cubic_kernel(distance, -0.5) : std::max(1 - std::fabs(distance), 0.0));
      total += weights.back();
    }
    for (std::int64_t k = first; k < last; ++k) {
      const double weight = weights[static_cast<std::size_t>(k - first)];
      taps.tap(k, total != 0 ? weight / total : weight);
    }
    taps.next();
  }
  return taps;
}

}  // namespace torchlite::inline TORCHLITE_ABI::resampling
