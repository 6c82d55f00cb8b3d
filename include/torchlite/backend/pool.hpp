// SPDX-License-Identifier: BSD-3-Clause
// What a pooling is asked for, on any device.
#pragma once
#include <torchlite/core/config.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

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

/// The windows along one axis of any pooling: window i covers elements start[i], start[i] + step, ... before end[i], and counts
/// as count[i] elements. Windows that differ from plane to plane stand one plane after the other.
struct PoolAxis {
  std::int64_t in = 1, out = 1, step = 1;
  bool per_plane = false;
  std::vector<std::int64_t> start{0}, end{1}, count{1};

  void clear(std::int64_t in_size, std::int64_t out_size) {
    in = in_size, out = out_size;
    start.clear(), end.clear(), count.clear();
  }
  void window(std::int64_t from, std::int64_t to, std::int64_t elements) {
    start.push_back(from), end.push_back(to), count.push_back(elements);
  }
  std::size_t at(std::int64_t plane, std::int64_t i) const { return static_cast<std::size_t>(per_plane ? plane * out + i : i); }

  /// Windows of one size, a stride apart, cut at the input's ends.
  static PoolAxis sliding(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t pad,
                          std::int64_t dilation, bool count_pad = true) {
    PoolAxis a;
    a.clear(in, out);
    a.step = dilation;
    for (std::int64_t i = 0; i < out; ++i) {
      const std::int64_t from = i * stride - pad, to = from + (kernel - 1) * dilation + 1;
      const std::int64_t first = from >= 0 ? from : from + (-from + dilation - 1) / dilation * dilation, last = std::min(to, in);
      a.window(first, last, count_pad ? std::min(to, in + pad) - from : last - first);
    }
    return a;
  }
  /// Bins that cover the axis, neighbours overlapping by at most one element.
  static PoolAxis adaptive(std::int64_t in, std::int64_t out) {
    PoolAxis a;
    a.clear(in, out);
    for (std::int64_t i = 0; i < out; ++i) {
      const std::int64_t from = i * in / out, to = ((i + 1) * in + out - 1) / out;
      a.window(from, to, to - from);
    }
    return a;
  }
};

/// A pooling of planes of three axes; a missing one has one window of one element.
struct PoolWindows {
  std::int64_t planes = 1;
  PoolAxis axes[3];

  std::int64_t in_plane() const { return axes[0].in * axes[1].in * axes[2].in; }
  std::int64_t out_plane() const { return axes[0].out * axes[1].out * axes[2].out; }
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
