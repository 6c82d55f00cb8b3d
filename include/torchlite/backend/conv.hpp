// SPDX-License-Identifier: BSD-3-Clause
// What a two-dimensional convolution is asked for, on any device.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The sizes of a convolution of dense tensors.
///   x [batch, in_channels, in_h, in_w], w [out_channels, in_channels / groups, kernel_h, kernel_w], bias [out_channels]
///   -> y [batch, out_channels, out_h, out_w], out = (in + 2 pad - dilation (kernel - 1) - 1) / stride + 1
struct Conv2dShape {
  std::int64_t batch = 1, in_channels = 1, in_h = 1, in_w = 1;
  std::int64_t out_channels = 1, out_h = 1, out_w = 1;
  std::int64_t kernel_h = 1, kernel_w = 1;
  std::int64_t stride_h = 1, stride_w = 1;
  std::int64_t pad_h = 0, pad_w = 0;
  std::int64_t dilation_h = 1, dilation_w = 1;
  std::int64_t groups = 1;

  /// The size of the result along one axis; not positive if the kernel does not fit.
  static constexpr std::int64_t out_size(std::int64_t in, std::int64_t kernel, std::int64_t stride, std::int64_t pad,
                                         std::int64_t dilation) {
    const std::int64_t room = in + 2 * pad - dilation * (kernel - 1) - 1;
    return room < 0 ? 0 : room / stride + 1;
  }

  constexpr std::int64_t group_in() const { return in_channels / groups; }
  constexpr std::int64_t group_out() const { return out_channels / groups; }
  constexpr std::int64_t in_plane() const { return in_h * in_w; }
  constexpr std::int64_t out_plane() const { return out_h * out_w; }
  constexpr std::int64_t taps() const { return kernel_h * kernel_w; }
  /// The length of the sum behind an element of y.
  constexpr std::int64_t depth() const { return group_in() * taps(); }
  constexpr bool empty() const { return batch == 0 || out_channels == 0 || out_plane() <= 0; }
  /// True if y is a product of w with x as it lies in memory.
  constexpr bool pointwise() const { return kernel_h == 1 && kernel_w == 1 && stride_h == 1 && stride_w == 1 && pad_h == 0 && pad_w == 0; }
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
