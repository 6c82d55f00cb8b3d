// SPDX-License-Identifier: BSD-3-Clause
// What a two-dimensional pooling is asked for, on any device.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The sizes of a pooling of dense planes: x [planes, in_h, in_w] -> y [planes, out_h, out_w], planes being batch times channels.
/// out_h and out_w are given (ceil_mode is in them); a window may reach beyond the padded input, and is cut there.
struct Pool2dShape {
  std::int64_t planes = 1, in_h = 1, in_w = 1, out_h = 1, out_w = 1;
  std::int64_t kernel_h = 1, kernel_w = 1;
  std::int64_t stride_h = 1, stride_w = 1;
  std::int64_t pad_h = 0, pad_w = 0;
  std::int64_t dilation_h = 1, dilation_w = 1;

  constexpr std::int64_t in_plane() const { return in_h * in_w; }
  constexpr std::int64_t out_plane() const { return out_h * out_w; }

  /// The size of the result along one axis by PyTorch's rule: with ceil_mode the last window starts inside the input or its left padding.
  static constexpr std::int64_t out_size(std::int64_t in, std::int64_t kernel, std::int64_t stride, std::int64_t pad, std::int64_t dilation,
                                         bool ceil_mode) {
    const std::int64_t room = in + 2 * pad - dilation * (kernel - 1) - 1 + (ceil_mode ? stride - 1 : 0);
    std::int64_t out = room < 0 ? 0 : room / stride + 1;
    if (ceil_mode && (out - 1) * stride >= in + pad) --out;
    return out;
  }
};

/// What the sum of a window is divided by: its elements with or without padding, or a given number if not 0.
struct AveragePooling {
  bool count_include_pad = true;
  std::int64_t divisor_override = 0;
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
