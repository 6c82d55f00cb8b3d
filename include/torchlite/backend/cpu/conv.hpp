// SPDX-License-Identifier: BSD-3-Clause
// Convolution on the CPU: an implicit matrix product, whose patch matrix exists only as the panel that is being multiplied.
// All sums run in an order that does not depend on the number of threads.
#pragma once
#include <torchlite/backend/cpu/conv_columns.hpp>
#include <torchlite/backend/cpu/conv_depthwise.hpp>
#include <torchlite/backend/cpu/conv_image.hpp>
#include <torchlite/backend/cpu/conv_winograd.hpp>
#include <torchlite/backend/cpu/dense_sum.hpp>
#include <torchlite/backend/cpu/gemm.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Pixels of a band: its copy, a panel of patches and the weights share the L2 cache.
inline constexpr std::int64_t conv_band_pixels = 1024;

/// y = epilogue(w * x + bias) as a product of w [out, depth], packed as pack_weights does it, and the patches [depth, pixels] of a band of
/// an image; depth counts packed elements.
template <class T>
void conv2d_implicit(const Conv2dShape& s, const T* x, const gemm_packed_t<T>* w, const T* bias, T* y, Epilogue epilogue) {
  using A = gemm_accumulator_t<T>;
  using P = gemm_packed_t<T>;
  using Source = packed_source_t<P>;
  constexpr std::int64_t width = TileSizes<P>::columns, height = TileSizes<P>::rows;
  constexpr std::int64_t steps = PackedElement<P>::steps;
  const ConvBand band(s, conv_band_pixels);
  const std::int64_t channels = packed_count<P>(s.group_in()), depth = channels * s.taps(), out = s.group_out();
  const std::int64_t block_k = std::is_same_v<T, A> ? BlockSizes<A>::even_k(depth) : std::max<std::int64_t>(depth, 1);
  std::int64_t* offsets = scratch<std::int64_t>(Scratch::offsets, depth);
  band.write_offsets(channels, offsets);
  std::int64_t bias_step = 1;
  const A* addends = gemm_bias(bias, s.out_channels, bias_step, Scratch::row_bias);

  // A task is a band of an image's group, and with few of them only some of its output channels.
  const std::int64_t tasks = s.batch * s.groups * band.bands, threads = get_num_threads();
  const std::int64_t parts = tasks >= threads ? 1 : std::clamp<std::int64_t>(out / (2 * height), 1, (threads + tasks - 1) / tasks);
  const std::int64_t work = band.rows_out * s.out_w * depth * out / parts + 1;
  parallel_for(tasks * parts, std::max<std::int64_t>(1, 96 * 96 * 96 / work), [&](std::int64_t begin, std::int64_t end) {
    P* image = scratch<P>(Scratch::image, band.size<P>(s.group_in()));
    P* panel = scratch<P>(Scratch::columns, (block_k + 1) * width);
    for (std::int64_t task = begin; task < end; ++task) {
      const std::int64_t part = task % parts, band_index = task / parts % band.bands, plane = task / parts / band.bands;
      if (part == 0 || task == begin) band.copy(gemm_stored(x) + plane * s.group_in() * s.in_plane(), s.group_in(), band_index, image);
      const std::int64_t channel = plane % s.groups * out, i0 = out * part / parts, i1 = out * (part + 1) / parts;
      const std::int64_t pixels = band.row_count(band_index) * s.out_w;
      TileTarget<T> target{y + plane * out * s.out_plane() + band.first_row(band_index) * s.out_w, s.out_plane(), 1};
      target.row_bias = addends ? addends + channel : nullptr;
      target.relu = epilogue == Epilogue::relu;
      Tile<P> t{};
      for (std::int64_t p = 0; p == 0 || p < depth; p += block_k) {
        const std::int64_t kc = std::min(block_k, depth - p);
        t.k = kc;
        for (std::int64_t j = 0; j < pixels; j += width) {
          const int cols = static_cast<int>(std::min(width, pixels - j));
          t.b_row = panel_width<P>(cols);
          PatchPacker<P>(band, j, cols).pack(image, offsets + p, kc, t.b_row, panel);
          t.b = panel;
          for (std::int64_t i = i0; i < i1;) {
            const int rows = TileSizes<P>::next_rows(i1 - i);
            t.a = reinterpret_cast<const Source*>(w + (channel + i) * depth + p), t.a_row = depth * steps, t.a_col = steps;
            target.run(t, i, j, rows, cols, p == 0, p + kc >= depth);
            i += rows;
          }
        }
      }
    }
  });
}

/// y = epilogue(x * w + bias); bias may be null. See Conv2dShape for the layouts.
template <class T>
void conv2d_forward(Cpu, const Conv2dShape& s, const T* x, const T* w, const T* bias, T* y, Epilogue epilogue = Epilogue::none) {
  static_assert(std::is_floating_point_v<gemm_accumulator_t<T>>, "conv2d: elements must be floating-point");
  if (s.empty()) return;
  if (s.pointwise() && (s.group_in() > 1 || s.group_out() > 4)) {
    for (std::int64_t g = 0; g < s.groups; ++g) {
      GemmArguments<T> product = GemmArguments<T>::dense(s.group_out(), s.out_plane(), s.group_in(), w + g * s.group_out() * s.group_in(),
                                                         x + g * s.group_in() * s.in_plane(), y + g * s.group_out() * s.out_plane());
      product.batch = s.batch, product.a_batch = 0;
      product.b_batch = s.in_channels * s.in_plane(), product.c_batch = s.out_channels * s.out_plane();
      product.row_bias = bias ? bias + g * s.group_out() : nullptr;
      product.epilogue = epilogue;
      gemm(Cpu{}, product);
    }
    return;
  }
  if constexpr (std::is_same_v<T, float>) {
    if (winograd::pays(s)) return winograd::convolve(s, x, w, false, bias, epilogue == Epilogue::relu, y);
  }
  if (s.group_in() == 1 && s.group_out() <= 4) {
    return depthwise_forward(s, x, in_accumulator_type(w, s.out_channels * s.depth(), Scratch::weights), bias, y,
                             epilogue == Epilogue::relu);
  }
  using P = gemm_packed_t<T>;
  if constexpr (std::is_same_v<T, P>) {
    conv2d_implicit(s, x, w, bias, y, epilogue);
  } else {
    P* weights = scratch<P>(Scratch::weights, s.out_channels * packed_count<P>(s.group_in()) * s.taps());
    pack_weights(s, gemm_stored(w), false, weights);
    conv2d_implicit(s, x, weights, bias, y, epilogue);
  }
}

/// dx, the gradient with respect to x, from dy, the gradient with respect to y.
template <class T>
void conv2d_backward_input(Cpu, const Conv2dShape& s, const T* dy, const T* w, T* dx) {
  using A = gemm_accumulator_t<T>;
  const std::int64_t count = s.batch * s.in_channels * s.in_plane(), in = s.group_in(), out = s.group_out(), taps = s.taps();
  if (count == 0) return;
  if (s.empty()) {
    std::fill_n(dx, count, T(0));
    return;
  }
  if (s.pointwise() && out > 1) {
    for (std::int64_t g = 0; g < s.groups; ++g) {
      GemmArguments<T> product =
          GemmArguments<T>::dense(in, s.in_plane(), out, w + g * out * in, dy + g * out * s.out_plane(), dx + g * in * s.in_plane());
      product.a_row = 1, product.a_col = in;
      product.batch = s.batch, product.a_batch = 0;
      product.b_batch = s.out_channels * s.out_plane(), product.c_batch = s.in_channels * s.in_plane();
      gemm(Cpu{}, product);
    }
    return;
  }
  // With stride 1 it is the convolution of dy with w turned by 180 degrees, inputs and outputs exchanged.
  Conv2dShape turned = s;
  turned.in_channels = s.out_channels, turned.in_h = s.out_h, turned.in_w = s.out_w;
  turned.out_channels = s.in_channels, turned.out_h = s.in_h, turned.out_w = s.in_w;
  turned.pad_h = (s.kernel_h - 1) * s.dilation_h - s.pad_h;
  turned.pad_w = (s.kernel_w - 1) * s.dilation_w - s.pad_w;
  if constexpr (std::is_same_v<T, float>) {
    if (winograd::pays(turned)) return winograd::convolve(turned, dy, w, true, nullptr, false, dx);
  }
  // Per product, packing a patch is shared by `in` rows, adding up a patch by `out`; the turned kernel also visits in_plane pixels.
  // Counted in products, which are twice as fast in pairs.
  const bool strided = s.stride_h != 1 || s.stride_w != 1;
  constexpr bool pairs = std::is_same_v<gemm_packed_t<T>, Bfloat16Pair>;
  if (strided || s.in_plane() * out * (in + (pairs ? 12 : 6)) > s.out_plane() * in * (out + (pairs ? 40 : 6))) {
    if (out > 1 || in > 4 || strided) return conv2d_backward_input_columns(s, dy, w, dx);
  }

  if (out == 1 && in <= 4) {
    A* weights = scratch<A>(Scratch::weights, s.out_channels * s.depth());
    pack_weights(s, w, true, weights);
    return depthwise_forward<T>(turned, dy, weights, nullptr, dx, false);
  }
  using P = gemm_packed_t<T>;
  P* weights = scratch<P>(Scratch::weights, s.in_channels * packed_count<P>(out) * taps);
  pack_weights(s, gemm_stored(w), true, weights);
  conv2d_implicit<T>(turned, dy, weights, nullptr, dx, Epilogue::none);
}

/// dw, the gradient with respect to w, summed over the batch.
/// It is computed as dw^T [depth, out] = patches [depth, pixels] dy^T [pixels, out]: the patches are elements of a, which the kernel
/// reads one by one, so they stay where they are in the image, and only dy is packed.
template <class T>
void conv2d_backward_weight(Cpu, const Conv2dShape& s, const T* dy, const T* x, T* dw) {
  using A = gemm_accumulator_t<T>;
  using P = gemm_packed_t<T>;
  using Source = packed_source_t<P>;
  constexpr std::int64_t width = TileSizes<P>::columns, lanes = vector_lanes<A>;
  const std::int64_t depth = s.depth(), out = s.group_out(), taps = s.taps(), in = s.group_in();
  if (s.out_channels * depth == 0) return;
  if (s.empty()) {
    std::fill_n(dw, s.out_channels * depth, T(0));
    return;
  }
  if (in == 1 && out <= 4) return depthwise_backward_weight(s, dy, x, dw);
  if constexpr (std::is_same_v<T, float>) {
    if (winograd::pays(s)) return winograd::backward_weight(s, dy, x, dw);
  }
  const ConvBand band(s, conv_band_pixels);
  std::int64_t* offsets = scratch<std::int64_t>(Scratch::offsets, depth);
  band.write_offsets(in, offsets);

  // A task sums a block of channels over a chunk of the batch; both depend on the shape alone. The sums of a block fit the L2 cache.
  const std::int64_t padded = (out + lanes - 1) / lanes * lanes;
  const std::int64_t block = std::clamp<std::int64_t>(131072 / (padded * taps), 1, in), blocks = (in + block - 1) / block;
  const std::int64_t chunks = std::clamp<std::int64_t>(2097152 / (padded * depth * s.groups), 1, std::min<std::int64_t>(s.batch, 8));
  const Workspace<A> workspace(chunks * s.groups * depth * padded);
  A* const partial = workspace.data();
  const std::int64_t work = s.batch * s.out_plane() * out * block * taps / chunks + 1;
  parallel_for(chunks * s.groups * blocks, std::max<std::int64_t>(1, 96 * 96 * 96 / work), [&](std::int64_t begin, std::int64_t end) {
    static constexpr A zeros[width] = {};
    Source* image = scratch<Source>(Scratch::image, band.size<Source>(block));
    P* gradient = scratch<P>(Scratch::columns, band.rows_out * packed_count<P>(s.out_w) * width);
    for (std::int64_t task = begin; task < end; ++task) {
      const std::int64_t c0 = task % blocks * block, c1 = std::min(c0 + block, in), chunk = task / blocks / s.groups,
                         g = task / blocks % s.groups;
      A* sums = partial + (chunk * s.groups + g) * depth * padded + c0 * taps * padded;
      const std::int64_t b0 = s.batch * chunk / chunks, b1 = s.batch * (chunk + 1) / chunks;
      for (std::int64_t b = b0; b < b1; ++b)
        for (std::int64_t r = 0; r < band.bands; ++r) {
          const std::int64_t plane = b * s.groups + g, rows_out = band.row_count(r), pixels = rows_out * s.out_w;
          band.copy(gemm_stored(x) + (plane * in + c0) * s.in_plane(), c1 - c0, r, image);
          const T* from = dy + plane * out * s.out_plane() + band.first_row(r) * s.out_w;
          const bool first = b == b0 && r == 0;
          for (std::int64_t j = 0; j < out; j += width) {
            const std::int64_t cols = std::min(width, out - j);
            Tile<P> t{};
            t.b = gradient, t.b_row = panel_width<P>(cols);
            t.k = packed_count<P>(s.out_w), t.half_pair = t.k * PackedElement<P>::steps != s.out_w;
            if (!t.half_pair) {
              pack_panel(from + j * s.out_plane(), s.out_plane(), 1, cols, t.b_row, pixels, gradient);
            } else {
              for (std::int64_t line = 0; line < rows_out; ++line)  // a pair holds pixels of one row
                pack_panel(from + j * s.out_plane() + line * s.out_w, s.out_plane(), 1, cols, t.b_row, s.out_w,
                           gradient + line * t.k * t.b_row);
            }
            t.lines = rows_out, t.a_line = s.stride_h * band.row_step, t.a = image;
            t.row_add = zeros, t.row_add_step = 0;
            t.out_row = padded;
            for (std::int64_t i = 0; i < (c1 - c0) * taps;) {
              const int rows = TileSizes<P>::next_gathered_rows((c1 - c0) * taps - i);
              t.offsets = offsets + i;
              t.out = sums + i * padded + j;
              t.init = first ? zeros : t.out;
              t.init_row = first ? 0 : padded;
              run_tile<P, RowAccess::gathered>(rows, static_cast<int>(t.b_row / lanes), t);
              i += rows;
            }
          }
        }
    }
  });
  // The chunks in order, then the transposition to w's layout.
  parallel_for(s.groups * depth, std::max<std::int64_t>(1, 65536 / (chunks * padded)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      A* to = partial + i * padded;
      for (std::int64_t chunk = 1; chunk < chunks; ++chunk) {
        const A* from = to + chunk * s.groups * depth * padded;
        for (std::int64_t o = 0; o < padded; o += lanes) store_vector(to + o, load_vector(to + o) + load_vector(from + o));
      }
      T* target = dw + i / depth * out * depth + i % depth;
      for (std::int64_t o = 0; o < out; ++o) target[o * depth] = static_cast<T>(to[o]);
    }
  });
}

/// db [out_channels], the gradient with respect to bias: dy summed over batch and pixels.
template <class T>
void conv2d_backward_bias(Cpu, const Conv2dShape& s, const T* dy, T* db) {
  using A = gemm_accumulator_t<T>;
  const std::int64_t pixels = s.empty() ? 0 : s.out_plane();
  parallel_for(s.out_channels, std::max<std::int64_t>(1, 65536 / (s.batch * pixels + 1)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      double total = 0;
      for (std::int64_t b = 0; b < s.batch; ++b) total += static_cast<double>(dense_sum(dy + (b * s.out_channels + c) * pixels, pixels));
      db[c] = static_cast<T>(static_cast<A>(total));
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
