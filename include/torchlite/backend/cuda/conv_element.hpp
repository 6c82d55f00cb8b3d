// SPDX-License-Identifier: BSD-3-Clause
// Convolution without the launch: patches brought into columns and back, and depthwise convolution, which has too few sums for a matrix
// product. A thread has an element of what is written, so that sums run in a fixed order.
#pragma once
#include <torchlite/backend/conv.hpp>
#include <torchlite/backend/cuda/pool_element.hpp>
#include <torchlite/backend/cuda/team.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// One group of some images, and where its columns are: element (depth, image, pixel) at depth * depth_step + image * image_step + pixel.
struct ColumnLayout {
  Conv2dShape s;
  std::int64_t channels;  ///< of the group's input
  std::int64_t depth_step, image_step;
};

/// columns[(c, kh, kw), image, (oh, ow)] = x[image, c, oh * stride - pad + kh * dilation, ...], 0 outside; one thread for a pixel and channel.
template <class T>
struct PatchesToColumns {
  ColumnLayout layout;
  const T* x;  ///< the group's first channel of the first image
  T* columns;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const Conv2dShape& s = layout.s;
    const PlanePosition at(i, s.out_h, s.out_w);
    const std::int64_t image = at.plane / layout.channels, c = at.plane - image * layout.channels;
    const T* const plane = x + (image * s.in_channels + c) * s.in_h * s.in_w;
    T* to = columns + c * s.kernel_h * s.kernel_w * layout.depth_step + image * layout.image_step + at.row * s.out_w + at.column;
    for (std::int64_t kh = 0; kh < s.kernel_h; ++kh)
      for (std::int64_t kw = 0; kw < s.kernel_w; ++kw, to += layout.depth_step) {
        const std::int64_t h = at.row * s.stride_h - s.pad_h + kh * s.dilation_h, w = at.column * s.stride_w - s.pad_w + kw * s.dilation_w;
        *to = h >= 0 && h < s.in_h && w >= 0 && w < s.in_w ? plane[h * s.in_w + w] : static_cast<T>(0.0f);
      }
  }
};

/// The position of the window whose tap k stands on element i, or -1.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE std::int64_t window_at(std::int64_t i, std::int64_t k, std::int64_t out, std::int64_t stride,
                                                              std::int64_t pad, std::int64_t dilation) {
  const std::int64_t from = i + pad - k * dilation;
  if (from < 0) return -1;
  const std::int64_t o = from / stride;
  return o < out && o * stride == from ? o : -1;
}

/// dx[image, c, h, w] = the sum of the columns' elements that were taken from there.
template <class T>
struct ColumnsToPatches {
  ColumnLayout layout;
  const T* columns;
  T* dx;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const Conv2dShape& s = layout.s;
    const PlanePosition at(i, s.in_h, s.in_w);
    const std::int64_t image = at.plane / layout.channels, c = at.plane - image * layout.channels;
    const T* from = columns + c * s.kernel_h * s.kernel_w * layout.depth_step + image * layout.image_step;
    R sum = 0;
    for (std::int64_t kh = 0; kh < s.kernel_h; ++kh) {
      const std::int64_t oh = window_at(at.row, kh, s.out_h, s.stride_h, s.pad_h, s.dilation_h);
      for (std::int64_t kw = 0; kw < s.kernel_w; ++kw, from += layout.depth_step) {
        const std::int64_t ow = window_at(at.column, kw, s.out_w, s.stride_w, s.pad_w, s.dilation_w);
        if (oh >= 0 && ow >= 0) sum += static_cast<R>(from[oh * s.out_w + ow]);
      }
    }
    dx[(image * s.in_channels + c) * s.in_h * s.in_w + at.row * s.in_w + at.column] = static_cast<T>(sum);
  }
};

// --- depthwise: each group has one input channel -------------------------------------------------------------------------
template <class T>
struct DepthwiseForward {
  Conv2dShape s;
  const T *x, *w, *bias;
  T* y;
  bool relu;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const PlanePosition at(i, s.out_h, s.out_w);
    const std::int64_t image = at.plane / s.out_channels, o = at.plane - image * s.out_channels, c = o / (s.out_channels / s.groups);
    const T* const plane = x + (image * s.in_channels + c) * s.in_h * s.in_w;
    const T* tap = w + o * s.kernel_h * s.kernel_w;
    R sum = 0;
    for (std::int64_t kh = 0; kh < s.kernel_h; ++kh) {
      const std::int64_t h = at.row * s.stride_h - s.pad_h + kh * s.dilation_h;
      for (std::int64_t kw = 0; kw < s.kernel_w; ++kw, ++tap) {
        const std::int64_t v = at.column * s.stride_w - s.pad_w + kw * s.dilation_w;
        if (h >= 0 && h < s.in_h && v >= 0 && v < s.in_w) sum += static_cast<R>(plane[h * s.in_w + v]) * static_cast<R>(*tap);
      }
    }
    if (bias != nullptr) sum += static_cast<R>(bias[o]);
    y[i] = static_cast<T>(relu && sum < R(0) ? R(0) : sum);
  }
};

template <class T>
struct DepthwiseBackwardInput {
  Conv2dShape s;
  const T *dy, *w;
  T* dx;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const PlanePosition at(i, s.in_h, s.in_w);
    const std::int64_t image = at.plane / s.in_channels, c = at.plane - image * s.in_channels, outs = s.out_channels / s.groups;
    R sum = 0;
    for (std::int64_t o = c * outs; o < (c + 1) * outs; ++o) {
      const T* const plane = dy + (image * s.out_channels + o) * s.out_h * s.out_w;
      const T* tap = w + o * s.kernel_h * s.kernel_w;
      for (std::int64_t kh = 0; kh < s.kernel_h; ++kh) {
        const std::int64_t oh = window_at(at.row, kh, s.out_h, s.stride_h, s.pad_h, s.dilation_h);
        for (std::int64_t kw = 0; kw < s.kernel_w; ++kw, ++tap) {
          const std::int64_t ow = window_at(at.column, kw, s.out_w, s.stride_w, s.pad_w, s.dilation_w);
          if (oh >= 0 && ow >= 0) sum += static_cast<R>(plane[oh * s.out_w + ow]) * static_cast<R>(*tap);
        }
      }
    }
    dx[i] = static_cast<T>(sum);
  }
};

/// dw [out_channels, 1, kernel_h, kernel_w]; each element is a row, the sum over all images and pixels.
template <class T>
struct DepthwiseBackwardWeight {
  using R = register_t<T>;
  Conv2dShape s;
  const T *dy, *x;
  T* dw;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const PlanePosition tap(r, s.kernel_h, s.kernel_w);
    const std::int64_t o = tap.plane, c = o / (s.out_channels / s.groups);
    const auto total = team.template fold<SumState<R>>(s.batch * s.out_h * s.out_w, [&](std::int64_t i) {
      const PlanePosition at(i, s.out_h, s.out_w);
      const std::int64_t h = at.row * s.stride_h - s.pad_h + tap.row * s.dilation_h,
                         w = at.column * s.stride_w - s.pad_w + tap.column * s.dilation_w;
      if (h < 0 || h >= s.in_h || w < 0 || w >= s.in_w) return SumState<R>{R(0)};
      return SumState<R>{static_cast<R>(dy[(at.plane * s.out_channels + o) * s.out_h * s.out_w + at.row * s.out_w + at.column]) *
                         static_cast<R>(x[((at.plane * s.in_channels + c) * s.in_h + h) * s.in_w + w])};
    });
    team.once([&] { dw[r] = static_cast<T>(total.sum); });
  }
};

/// How many images have their columns at the same time: what fits 256 MB, at least one.
constexpr std::int64_t images_at_a_time(std::int64_t batch, std::int64_t bytes_of_image) {
  const std::int64_t fit = bytes_of_image > 0 ? (std::int64_t{1} << 28) / bytes_of_image : batch;
  return fit < 1 ? 1 : (fit < batch ? fit : batch);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
