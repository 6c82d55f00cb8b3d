// SPDX-License-Identifier: BSD-3-Clause
// Convolutions of float with 3x3 taps and stride 1 by Winograd's F(4x4, 3x3): a quarter of the products, 36 matrix products over the
// channels instead of one over channels and taps. Blocks of tiles are transformed, multiplied and transformed back while they are in the
// caches. Every element is summed over the channels in order, whatever the blocks and the threads.
// The results are off by up to 1e-5 of the largest sum of absolute products in a tile (by definition: 5e-7), and an infinity or a NaN
// spreads over its tile; conv_winograd() = false forgoes it. double, half and bfloat16 are always computed by definition.
#pragma once
#include <torchlite/backend/conv.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/winograd_transforms.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {

/// Whether convolutions of float may use Winograd's algorithm: true unless the program says `conv_winograd() = false`.
inline bool& conv_winograd() {
  static bool allowed = true;
  return allowed;
}

namespace backend::winograd {

inline constexpr std::int64_t panel = TileSizes<float>::columns;  ///< output channels that are computed together
inline constexpr std::int64_t group = 48;                         ///< tiles whose products stay in the L2 cache

/// How the tiles are cut: `blocks` of `size` tiles, `wanted` or fewer if their inputs would exceed 4 MB.
struct Blocks {
  std::int64_t size, blocks, tile_step, point_step;  // steps in the transformed inputs, uneven so that they spread over the cache

  Blocks(std::int64_t tiles, std::int64_t channels, std::int64_t wanted) : tile_step((channels + lanes - 1) / lanes * lanes + lanes) {
    const std::int64_t most = std::max(std::min(wanted, 1048576 / (points * tile_step)), group);
    blocks = (tiles + most - 1) / most;
    size = ((tiles + blocks - 1) / blocks + 11) / 12 * 12;
    blocks = (tiles + size - 1) / size;
    point_step = size * tile_step + lanes;
  }
  std::int64_t begin(std::int64_t i) const { return i * size; }
  std::int64_t end(std::int64_t i, std::int64_t tiles) const { return std::min((i + 1) * size, tiles); }
};

/// The blocks of a convolution: inputs that stay in the L2 cache, or enough of them to pay for the transforms of the weights.
inline Blocks convolution_blocks(const Conv2dShape& s, std::int64_t tiles) {
  return Blocks(tiles, s.in_channels, std::max<std::int64_t>(196608 / (points * std::max<std::int64_t>(s.in_channels, 1)), s.out_channels));
}

/// True if this is faster than the definition, counted in multiplications of vectors.
inline bool pays(const Conv2dShape& s) {
  if (!conv_winograd() || s.kernel_h != 3 || s.kernel_w != 3 || s.stride_h != 1 || s.stride_w != 1 || s.dilation_h != 1 ||
      s.dilation_w != 1 || s.groups != 1)
    return false;
  const std::int64_t tiles = Tiles(s.batch, s.out_h, s.out_w).count, in = (s.in_channels + lanes - 1) / lanes,
                     out = (s.out_channels + lanes - 1) / lanes;
  if (s.in_channels < 16 || s.out_channels < 16) return false;
  const std::int64_t blocks = convolution_blocks(s, tiles).blocks;
  return points * tiles * s.in_channels * out + 400 * (tiles * (in + out) + blocks * s.in_channels * out) <
         9 * s.batch * s.out_plane() * s.in_channels * out;
}

/// Weights [out, in, 3, 3], or if turned [in, out, 3, 3] with the taps in reverse order, of output channels [first, first + count) as
/// to[point * step + in * panel + out].
inline void transform_weights(const Conv2dShape& s, const float* w, bool turned, std::int64_t first, std::int64_t count, float* to,
                              std::int64_t step) {
  const std::int64_t out_step = 9 * (turned ? 1 : s.in_channels), in_step = 9 * (turned ? s.out_channels : 1);
  const std::int64_t sign = turned ? -1 : 1;
  const std::int64_t together = turned ? 1 : 4;  // whose taps lie side by side
  alignas(64) float taps[4 * 9 * lanes] = {};
  for (std::int64_t c = 0; c < s.in_channels; c += together)
    for (std::int64_t o = 0; o < count; o += lanes) {
      const std::int64_t here = std::min(together, s.in_channels - c);
      transpose(w + (first + o) * out_step + c * in_step, out_step, std::min<std::int64_t>(lanes, count - o), 9 * here, taps, lanes);
      for (std::int64_t i = 0; i < here; ++i)
        transform<WeightTransform>(taps + (9 * i + (turned ? 8 : 0)) * lanes, sign * 3 * lanes, sign * lanes, to + (c + i) * panel + o,
                                   patch * step, step);
    }
}

/// Products [point][tile][panel] of tiles [begin, end), transformed back, to y. first is the first of `count` channels.
inline void write_results(const Conv2dShape& s, const Tiles& tiles, std::int64_t begin, std::int64_t end, std::int64_t first,
                          std::int64_t count, const float* products, std::int64_t step, const float* bias, bool relu, float* y) {
  alignas(64) float results[tile * tile * lanes];
  tiles.each_run(begin, end, tiles.columns, [&](std::int64_t plane, std::int64_t row, std::int64_t column, std::int64_t run) {
    for (std::int64_t t = 0; t < run; ++t, products += panel) {
      const std::int64_t top = row * tile, left = (column + t) * tile, rows = std::min<std::int64_t>(tile, s.out_h - top),
                         columns = std::min<std::int64_t>(tile, s.out_w - left);
      for (std::int64_t o = 0; o < count; o += lanes) {
        const std::int64_t channels = std::min<std::int64_t>(lanes, count - o);
        transform<OutputTransform>(products + o, patch * step, step, results, tile * lanes, lanes);
        if (bias || relu) {
          Lanes add{};
          if (bias)
            for (std::int64_t i = 0; i < channels; ++i) add[i] = bias[first + o + i];
          for (int i = 0; i < tile * tile; ++i) {
            const Lanes v = load_vector(results + i * lanes) + add;
            store_vector(results + i * lanes, relu ? (v < Lanes{} ? Lanes{} : v) : v);
          }
        }
        float* to = y + ((plane * s.out_channels + first + o) * s.out_h + top) * s.out_w + left;
        for (std::int64_t r = 0; r < rows; ++r)
          transpose(results + r * tile * lanes, lanes, columns, channels, to + r * s.out_w, s.out_plane());
      }
    }
  });
}

/// products[point][row][panel] = the sum over k of a[point][row][k] b[point][k][panel].
inline void multiply(const float* a, std::int64_t a_step, std::int64_t a_row, const float* b, std::int64_t b_step, std::int64_t rows,
                     std::int64_t count, std::int64_t k, float* products, std::int64_t step) {
  static constexpr float zeros[panel] = {};
  Tile<float> t{};
  t.k = k, t.a_row = a_row, t.a_col = 1, t.b_row = panel;
  t.init = zeros, t.init_row = 0, t.row_add = zeros, t.row_add_step = 0, t.out_row = panel;
  for (int p = 0; p < points; ++p) {
    t.b = b + p * b_step;
    for (std::int64_t i = 0; i < rows;) {
      const int height = TileSizes<float>::next_rows(rows - i);
      t.a = a + p * a_step + i * a_row;
      t.out = products + p * step + i * panel;
      run_tile<float>(height, count > lanes ? 2 : 1, t);
      i += height;
    }
  }
}

/// y = x * w + bias, then relu if asked for; turned: see transform_weights.
inline void convolve(const Conv2dShape& s, const float* x, const float* w, bool turned, const float* bias, bool relu, float* y) {
  const Tiles tiles(s.batch, s.out_h, s.out_w);
  const Blocks cut = convolution_blocks(s, tiles.count);
  const std::int64_t panels = (s.out_channels + panel - 1) / panel, threads = get_num_threads();
  const std::int64_t weight_step = s.in_channels * panel + lanes, product_step = group * panel + lanes;
  const auto block = [&](std::int64_t index) {
    const std::int64_t begin = cut.begin(index), end = cut.end(index, tiles.count);
    const Workspace<float> workspace(points * cut.point_step);
    float* const inputs = workspace.data();
    parallel_for(end - begin, std::max<std::int64_t>(1, 8192 / s.in_channels), [&](std::int64_t t0, std::int64_t t1) {
      transform_tiles<InputTransform>(tiles, begin + t0, begin + t1, {x, s.in_channels, s.in_h, s.in_w}, 0, s.in_channels, s.pad_h, s.pad_w,
                                      inputs + t0 * cut.tile_step, cut.point_step, cut.tile_step);
    });
    const std::int64_t groups = (end - begin + group - 1) / group,
                       parts = std::clamp<std::int64_t>((threads + panels - 1) / panels, 1, groups);
    parallel_for(panels * parts, 1, [&](std::int64_t first, std::int64_t last) {
      float* weights = scratch<float>(Scratch::weights, points * weight_step);
      float* products = scratch<float>(Scratch::columns, points * product_step);
      for (std::int64_t task = first, loaded = -1; task < last; ++task) {
        const std::int64_t o = task / parts * panel, part = task % parts, count = std::min(panel, s.out_channels - o);
        if (loaded != o) transform_weights(s, w, turned, o, count, weights, weight_step);
        loaded = o;
        for (std::int64_t i = groups * part / parts; i < groups * (part + 1) / parts; ++i) {
          const std::int64_t t0 = i * group, t1 = std::min(t0 + group, end - begin);
          multiply(inputs + t0 * cut.tile_step, cut.point_step, cut.tile_step, weights, weight_step, t1 - t0, count, s.in_channels,
                   products, product_step);
          write_results(s, tiles, begin + t0, begin + t1, o, count, products, product_step, bias, relu, y);
        }
      }
    });
  };
  // Each thread its own blocks, or all of them each block.
  const bool apart = cut.blocks % threads == 0 || cut.blocks >= 8 * threads;
  parallel_for(cut.blocks, apart ? 1 : cut.blocks, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) block(i);
  });
}

/// sums[channel][panel] += the sum over k tiles of a[tile][channel] b[tile][panel], = if first.
inline void accumulate(const float* a, std::int64_t a_step, const float* b, std::int64_t b_step, std::int64_t k, std::int64_t channels,
                       std::int64_t count, bool first, float* sums) {
  static constexpr float zeros[panel] = {};
  Tile<float> t{};
  t.k = k, t.a_row = 1, t.a_col = a_step, t.b = b, t.b_row = b_step;
  t.row_add = zeros, t.row_add_step = 0, t.init_row = first ? 0 : panel, t.out_row = panel;
  for (std::int64_t c = 0; c < channels;) {
    const int rows = TileSizes<float>::next_rows(channels - c);
    t.a = a + c;
    t.out = sums + c * panel;
    t.init = first ? zeros : t.out;
    run_tile<float>(rows, count > lanes ? 2 : 1, t);
    c += rows;
  }
}

/// dw = the gradient with respect to w: for each block of tiles and each point a product of matrices. The blocks are shared out among a
/// number of sums that depends on the shape alone, each of which goes through its blocks in order; then the sums are added in order.
inline void backward_weight(const Conv2dShape& s, const float* dy, const float* x, float* dw) {
  const Tiles tiles(s.batch, s.out_h, s.out_w);
  const std::int64_t in = s.in_channels, out = s.out_channels;
  // The operands of a block stay in the L2 cache, or are as large as the sums that they are added to.
  const Blocks cut(tiles.count, in, std::max<std::int64_t>(196608 / points, in * out) / (in + out));
  const std::int64_t sum_step = in * panel + lanes, sum_size = points * sum_step;
  // The sums of as many output channels as 4 MB hold; for more, the inputs are transformed again.
  const std::int64_t panels = (out + panel - 1) / panel, most = std::clamp<std::int64_t>(1048576 / sum_size, 1, panels);
  std::int64_t parts = 1;  // each for a thread
  while (parts < 8 && 2 * parts <= cut.blocks && 2 * parts * panels * sum_size <= 2097152) parts *= 2;
  const std::int64_t gradient_tile = most * panel + lanes, gradient_step = cut.size * gradient_tile + lanes, part_size = most * sum_size;
  const Workspace<float> workspace(parts * part_size);
  float* const all_sums = workspace.data();
  for (std::int64_t panel0 = 0; panel0 < panels; panel0 += most) {
    const std::int64_t first_out = panel0 * panel, here = std::min(most, panels - panel0), outs = std::min(here * panel, out - first_out);
    const auto part = [&](std::int64_t index) {
      float* const sums = all_sums + index * part_size;
      const Workspace<float> operands(points * (cut.point_step + gradient_step));
      float* const inputs = operands.data();
      float* const gradients = inputs + points * cut.point_step;
      const std::int64_t first = cut.blocks * index / parts, last = cut.blocks * (index + 1) / parts;
      for (std::int64_t b = first; b < last; ++b) {
        const std::int64_t begin = cut.begin(b), end = cut.end(b, tiles.count);
        parallel_for(end - begin, std::max<std::int64_t>(1, 8192 / in), [&](std::int64_t t0, std::int64_t t1) {
          if (panel0 == 0 || cut.blocks > 1)
            transform_tiles<InputTransform>(tiles, begin + t0, begin + t1, {x, in, s.in_h, s.in_w}, 0, in, s.pad_h, s.pad_w,
                                            inputs + t0 * cut.tile_step, cut.point_step, cut.tile_step);
          transform_tiles<GradientTransform>(tiles, begin + t0, begin + t1, {dy, out, s.out_h, s.out_w}, first_out, outs, 0, 0,
                                             gradients + t0 * gradient_tile, gradient_step, gradient_tile);
        });
        parallel_for(points * here, 1, [&](std::int64_t t0, std::int64_t t1) {
          for (std::int64_t t = t0; t < t1; ++t) {
            const std::int64_t p = t / here, o = t % here;
            accumulate(inputs + p * cut.point_step, cut.tile_step, gradients + p * gradient_step + o * panel, gradient_tile, end - begin,
                       in, std::min(panel, outs - o * panel), b == first, sums + o * sum_size + p * sum_step);
          }
        });
      }
    };
    parallel_for(parts, parts > 1 ? 1 : 2, [&](std::int64_t p0, std::int64_t p1) {
      for (std::int64_t p = p0; p < p1; ++p) part(p);
    });
    if (parts > 1)
      parallel_for(here * sum_size, 32768, [&](std::int64_t i0, std::int64_t i1) {
        for (std::int64_t p = 1; p < parts; ++p)
          for (std::int64_t i = i0; i < i1; ++i) all_sums[i] += all_sums[p * part_size + i];
      });
    parallel_for(here * in, 128, [&](std::int64_t t0, std::int64_t t1) {
      alignas(64) float taps[9 * lanes];
      for (std::int64_t t = t0; t < t1; ++t) {
        const std::int64_t index = t / in, c = t % in, o = first_out + index * panel, count = std::min(panel, out - o);
        for (std::int64_t q = 0; q < count; q += lanes) {
          transform<WeightGradientTransform>(all_sums + index * sum_size + c * panel + q, patch * sum_step, sum_step, taps, 3 * lanes,
                                             lanes);
          transpose(taps, lanes, 9, std::min<std::int64_t>(lanes, count - q), dw + ((o + q) * in + c) * 9, in * 9);
        }
      }
    });
  }
}

}  // namespace backend::winograd
}  // namespace torchlite::inline TORCHLITE_ABI
