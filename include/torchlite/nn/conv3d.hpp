// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/convolution.hpp>
#include <torchlite/ops/conv/conv3d.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

using Conv3dOptions = ConvOptions<Triple>;

/// Three-dimensional cross-correlation.
///   x [N, in_channels, D, H, W] or [in_channels, D, H, W] -> [N, out_channels, D2, H2, W2],
///   D2 = (D + 2 padding - dilation (kernel_size - 1) - 1) / stride + 1
template <class T = float, class D = Cpu>
struct Conv3d : Convolution<Conv3d<T, D>, Triple, T, D> {
  Conv3d() = default;
  Conv3d(std::int64_t in_channels, std::int64_t out_channels, Triple kernel_size)
      : Conv3d(Conv3dOptions{.in_channels = in_channels, .out_channels = out_channels, .kernel_size = kernel_size}) {}
  Conv3d(const Conv3dOptions& o) : Convolution<Conv3d, Triple, T, D>("Conv3d", o) {}

  static Tensor<T, D> convolve(const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias, const Conv3dOptions& o) {
    return torchlite::conv3d(x, weight, bias, {.stride = o.stride, .padding = o.padding, .dilation = o.dilation, .groups = o.groups});
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
