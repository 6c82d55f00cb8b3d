// SPDX-License-Identifier: BSD-3-Clause
// The transforms of Winograd's F(4x4, 3x3), with a channel in each lane: a convolution of 3x3 taps gives a tile of 4x4 results from 6x6
// inputs by 36 products, where the definition has 144.
//   y = A^T [(G w G^T) . (B^T x B)] A, and, since that is linear in each operand, dw = G^T [(A dy A^T) . (B^T x B)] G
// The interpolation points are 0, 1, -1, 2, -2 and infinity.
// Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.
#pragma once
#include <torchlite/backend/cpu/gemm_pack.hpp>
#include <torchlite/backend/cpu/scratch.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend::winograd {

using Lanes = vector_register<float>;
inline constexpr int lanes = vector_lanes<float>;
inline constexpr int tile = 4;          ///< results along a side of a tile
inline constexpr int patch = tile + 2;  ///< inputs along a side
inline constexpr int points = patch * patch;
inline constexpr std::int64_t window_tiles = 16;  ///< tiles of a row whose inputs are copied at once, to stay in the L1 cache
inline constexpr std::int64_t window_size = patch * (window_tiles * tile + 2) * lanes;

// One dimension of each transform; the two-dimensional one applies it to the columns, then to the rows.

/// B^T: 6 -> 6, of inputs.
struct InputTransform {
  static constexpr int in = 6, out = 6;
  TORCHLITE_INLINE static void apply(const Lanes (&x)[6], Lanes (&y)[6]) {
    const Lanes a = x[4] - 4 * x[2], b = x[3] - 4 * x[1], c = x[4] - x[2], d = 2 * (x[3] - x[1]);
    y[0] = 4 * (x[0] - x[2]) + c;
    y[1] = a + b;
    y[2] = a - b;
    y[3] = c + d;
    y[4] = c - d;
    y[5] = 4 * x[1] - 5 * x[3] + x[5];
  }
};

/// G: 3 -> 6, of weights.
struct WeightTransform {
  static constexpr int in = 3, out = 6;
  TORCHLITE_INLINE static void apply(const Lanes (&x)[3], Lanes (&y)[6]) {
    const Lanes a = (x[0] + x[2]) * (-1.0f / 6), b = x[1] * (-1.0f / 6), c = x[0] * (1.0f / 24) + x[2] * (1.0f / 6), d = x[1] * (1.0f / 12);
    y[0] = 0.25f * x[0];
    y[1] = a + b;
    y[2] = a - b;
    y[3] = c + d;
    y[4] = c - d;
    y[5] = x[2];
  }
};

/// A^T: 6 -> 4, of products to results.
struct OutputTransform {
  static constexpr int in = 6, out = 4;
  TORCHLITE_INLINE static void apply(const Lanes (&x)[6], Lanes (&y)[4]) {
    const Lanes a = x[1] + x[2], b = x[1] - x[2], c = x[3] + x[4], d = x[3] - x[4];
    y[0] = x[0] + a + c;
    y[1] = b + 2 * d;
    y[2] = a + 4 * c;
    y[3] = b + 8 * d + x[5];
  }
};

/// A: 4 -> 6, of gradients of results.
struct GradientTransform {
  static constexpr int in = 4, out = 6;
  TORCHLITE_INLINE static void apply(const Lanes (&x)[4], Lanes (&y)[6]) {
    const Lanes a = x[0] + x[2], b = x[1] + x[3], c = x[0] + 4 * x[2], d = 2 * x[1] + 8 * x[3];
    y[0] = x[0];
    y[1] = a + b;
    y[2] = a - b;
    y[3] = c + d;
    y[4] = c - d;
    y[5] = x[3];
  }
};

/// G^T: 6 -> 3, of products to gradients of weights.
struct WeightGradientTransform {
  static constexpr int in = 6, out = 3;
  TORCHLITE_INLINE static void apply(const Lanes (&x)[6], Lanes (&y)[3]) {
    const Lanes a = (x[1] + x[2]) * (-1.0f / 6), b = (x[3] + x[4]) * (1.0f / 6);
    y[0] = 0.25f * (x[0] + b) + a;
    y[1] = (x[2] - x[1]) * (1.0f / 6) + (x[3] - x[4]) * (1.0f / 12);
    y[2] = a + b + x[5];
  }
};

/// Applies F along both dimensions: element (i, j) is the vector at from + i * from_row + j * from_column, and (i, j) of the result the
/// one at to + i * to_row + j * to_column.
template <class F>
void transform(const float* from, std::int64_t from_row, std::int64_t from_column, float* to, std::int64_t to_row, std::int64_t to_column) {
  Lanes columns[F::out][F::in];
  for (int j = 0; j < F::in; ++j) {
    Lanes x[F::in], y[F::out];
    unrolled<F::in>([&](auto i) __attribute__((always_inline)) {
      x[decltype(i)::value] = load_vector(from + decltype(i)::value * from_row + j * from_column);
    });
    F::apply(x, y);
    unrolled<F::out>([&](auto i) __attribute__((always_inline)) { columns[decltype(i)::value][j] = y[decltype(i)::value]; });
  }
  for (int i = 0; i < F::out; ++i) {
    Lanes y[F::out];
    F::apply(columns[i], y);
    unrolled<F::out>([&](auto j) __attribute__((always_inline)) {
      store_vector(to + i * to_row + decltype(j)::value * to_column, y[decltype(j)::value]);
    });
  }
}

/// to[c * to_step + r] = from[r * from_step + c] for r in [0, rows), c in [0, columns).
inline void transpose(const float* from, std::int64_t from_step, std::int64_t rows, std::int64_t columns, float* to, std::int64_t to_step) {
  // The last four are moved back to end with the others.
  if (rows == lanes && columns >= 4) {
    for (std::int64_t i = 0; i < columns; i += 4) {
      const std::int64_t c = std::min(i, columns - 4);
      gather_columns(from + c, from_step, to + c * to_step, to_step);
    }
  } else if (columns == lanes && rows >= 4) {
    for (std::int64_t i = 0; i < rows; i += 4) {
      const std::int64_t r = std::min(i, rows - 4);
      scatter_columns(from + r * from_step, from_step, to + r, to_step);
    }
  } else {
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < columns; ++c) to[c * to_step + r] = from[r * from_step + c];
  }
}

/// The tiles that cover the planes of a batch, numbered along rows, from plane to plane.
struct Tiles {
  std::int64_t rows, columns, count;  // in a plane; in all of them

  Tiles(std::int64_t batch, std::int64_t height, std::int64_t width)
      : rows((height + tile - 1) / tile), columns((width + tile - 1) / tile), count(batch * rows * columns) {}

  /// Calls f(plane, row, column, how many) for the runs of tiles in one row, `most` at once, that [begin, end) consists of.
  template <class F>
  void each_run(std::int64_t begin, std::int64_t end, std::int64_t most, F f) const {
    while (begin < end) {
      const std::int64_t column = begin % columns, count_here = std::min({columns - column, end - begin, most});
      f(begin / columns / rows, begin / columns % rows, column, count_here);
      begin += count_here;
    }
  }
};

/// Copies a window of `count` <= lanes planes to `to` [rows][columns][lanes], zeros where it leaves the planes or lanes are left.
inline void copy_window(const float* planes, std::int64_t count, std::int64_t height, std::int64_t width, std::int64_t top,
                        std::int64_t left, std::int64_t rows, std::int64_t columns, float* to) {
  const std::int64_t begin = std::clamp<std::int64_t>(-left, 0, columns), end = std::clamp(width - left, begin, columns);
  for (std::int64_t r = 0; r < rows; ++r, to += columns * lanes) {
    const bool outside = top + r < 0 || top + r >= height;
    const auto clear = [to](std::int64_t from, std::int64_t last) {
      for (std::int64_t c = from; c < last; ++c) store_vector(to + c * lanes, Lanes{});
    };
    if (outside || count < lanes) clear(0, columns);
    else clear(0, begin), clear(end, columns);
    if (!outside) transpose(planes + (top + r) * width + left + begin, height * width, count, end - begin, to + begin * lanes, lanes);
  }
}

/// Planes of a batch: [batch, channels, height, width].
struct Planes {
  const float* data;
  std::int64_t channels, height, width;
};

/// The transforms of the tiles [begin, end) of `channels` channels from `first` on: to[point * point_step + (tile - begin) * tile_step +
/// channel]. F sees a window of F::in x F::in, one every four rows and columns from (-pad_h, -pad_w) on.
template <class F>
void transform_tiles(const Tiles& tiles, std::int64_t begin, std::int64_t end, const Planes& x, std::int64_t first, std::int64_t channels,
                     std::int64_t pad_h, std::int64_t pad_w, float* to, std::int64_t point_step, std::int64_t tile_step) {
  float* window = scratch<float>(Scratch::image, window_size);
  tiles.each_run(begin, end, window_tiles, [&](std::int64_t plane, std::int64_t row, std::int64_t column, std::int64_t count) {
    const std::int64_t columns = (count - 1) * tile + F::in;
    for (std::int64_t c = 0; c < channels; c += lanes) {
      copy_window(x.data + (plane * x.channels + first + c) * x.height * x.width, std::min<std::int64_t>(lanes, channels - c), x.height,
                  x.width, row * tile - pad_h, column * tile - pad_w, F::in, columns, window);
      for (std::int64_t t = 0; t < count; ++t)
        transform<F>(window + t * tile * lanes, columns * lanes, lanes, to + t * tile_step + c, F::out * point_step, point_step);
    }
    to += count * tile_step;
  });
}

}  // namespace backend::winograd
}  // namespace torchlite::inline TORCHLITE_ABI
