// SPDX-License-Identifier: BSD-3-Clause
// Where a point between the elements of a grid looks for its value: host/device functions without loops.
#pragma once
#include <torchlite/core/config.hpp>

#include <cmath>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {

/// Between elements: a line along each axis, the nearest element (ties to even), a cubic along each axis.
enum class GridMode { bilinear, nearest, bicubic };
/// Beyond the elements: zeros, the outermost element, the elements mirrored.
enum class GridPadding { zeros, border, reflection };

namespace backend {

/// A place along one axis of `size` elements, and its derivative with respect to what it was computed from.
template <class A>
struct GridPlace {
  A value, slope;
};

/// -1 and 1 are the centres (align_corners) or the outer edges of the first and the last element.
template <class A>
TORCHLITE_HOST_DEVICE GridPlace<A> grid_unnormalize(A g, std::int64_t size, bool align_corners) {
  const A n = static_cast<A>(size);
  if (align_corners) return {(g + A(1)) / A(2) * (n - A(1)), (n - A(1)) / A(2)};
  return {((g + A(1)) * n - A(1)) / A(2), n / A(2)};
}
/// The nearest place from the first to the last element; at the ends and beyond it does not move.
template <class A>
TORCHLITE_HOST_DEVICE GridPlace<A> grid_clip(GridPlace<A> p, std::int64_t size) {
  const A last = static_cast<A>(size - 1);
  if (!(p.value > A(0))) return {A(0), A(0)};
  if (p.value >= last) return {last, A(0)};
  return p;
}
/// The place mirrored at both ends (of the elements' centres with align_corners, of their outer edges without) until it lies between.
template <class A>
TORCHLITE_HOST_DEVICE GridPlace<A> grid_reflect(GridPlace<A> p, std::int64_t size, bool align_corners) {
  const A low = align_corners ? A(0) : A(-0.5), span = static_cast<A>(align_corners ? size - 1 : size);
  if (!(span > A(0))) return {A(0), A(0)};
  A x = p.value - low, slope = p.slope;
  if (x < A(0)) x = -x, slope = -slope;
  const A turns = std::floor(x / span), rest = std::fmod(x, span);
  if (std::fmod(turns, A(2)) == A(0)) return {rest + low, slope};
  return {span - rest + low, -slope};
}
template <class A>
TORCHLITE_HOST_DEVICE GridPlace<A> grid_inside(GridPlace<A> p, std::int64_t size, GridPadding padding, bool align_corners) {
  if (padding == GridPadding::reflection) p = grid_reflect(p, size, align_corners);
  return padding == GridPadding::zeros ? p : grid_clip(p, size);
}

/// A floor or rounded place as an index; -1 if it names no element.
template <class A>
TORCHLITE_HOST_DEVICE std::int64_t grid_index(A whole, std::int64_t size) {
  return whole >= A(0) && whole < static_cast<A>(size) ? static_cast<std::int64_t>(whole) : -1;
}

/// How many elements a value is made of along one axis.
TORCHLITE_HOST_DEVICE constexpr int grid_taps(GridMode mode) {
  return mode == GridMode::nearest ? 1 : (mode == GridMode::bilinear ? 2 : 4);
}

/// The index of tap k of a place along one axis; -1 where there is none.
template <class A>
TORCHLITE_HOST_DEVICE std::int64_t grid_tap(A place, int k, std::int64_t size, GridMode mode, GridPadding padding, bool align_corners) {
  if (mode == GridMode::nearest) return grid_index(std::nearbyint(place), size);
  if (mode == GridMode::bilinear) return grid_index(std::floor(place) + static_cast<A>(k), size);
  return grid_index(
      std::floor(grid_inside(GridPlace<A>{std::floor(place) + static_cast<A>(k - 1), A(0)}, size, padding, align_corners).value), size);
}

/// Places along one axis of numbers in [-1, 1], every `step`-th of g, and their derivatives.
template <class T>
struct GridPlaces {
  const T* g;
  std::int64_t step, size;
  GridMode mode;
  GridPadding padding;
  bool align_corners;
  T *place, *slope;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    GridPlace<T> p = grid_unnormalize(g[i * step], size, align_corners);
    if (mode != GridMode::bicubic) p = grid_inside(p, size, padding, align_corners);
    place[i] = p.value, slope[i] = p.slope;
  }
};

/// The elements that each point is made of: of points whose places along the axes (last axis last) are given, in row-major order of
/// taps; -1 where there is none.
///   places [batch, points] -> index [batch, taps ^ dims, points]
template <class T>
struct GridIndices {
  std::int64_t points;
  int dims;
  std::int64_t sizes[3];
  const T* places[3];
  GridMode mode;
  GridPadding padding;
  bool align_corners;
  std::int64_t* index;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const int taps = grid_taps(mode);
    std::int64_t along[3][4];
    int all = 1;
    for (int d = 0; d < dims; ++d) {
      for (int k = 0; k < taps; ++k) along[d][k] = grid_tap(places[d][i], k, sizes[d], mode, padding, align_corners);
      all *= taps;
    }
    for (int t = 0; t < all; ++t) {
      std::int64_t at = 0;
      for (int d = 0, rest = t, unit = all; d < dims; ++d) {
        unit /= taps;
        const std::int64_t k = along[d][rest / unit];
        rest %= unit;
        at = at < 0 || k < 0 ? -1 : at * sizes[d] + k;
      }
      index[(i / points * all + t) * points + i % points] = at;
    }
  }
};

/// Which elements of each plane are summed with which weights: index and weight [batch, taps, points], planes of `size` elements;
/// the `channels` planes of an item of the batch share them.
struct WeightedTaps {
  std::int64_t batch = 1, channels = 1, size = 1, points = 1, taps = 1;
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
