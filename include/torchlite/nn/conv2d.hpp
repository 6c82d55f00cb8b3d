// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/convolution.hpp>
#include <torchlite/ops/conv/conv2d.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

using Conv1dOptions = ConvOptions<std::int64_t>;
using Conv2dOptions = ConvOptions<Pair>;

/// Two-dimensional cross-correlation.
///   x [N, in_channels, H, W] or [in_channels, H, W] -> [N, out_channels, H2, W2],
///   H2 = (H + 2 padding - dilation (kernel_size - 1) - 1) / stride + 1
/// weight and bias start uniform in +-1 / sqrt(fan_in), as in PyTorch.
template <class T = float, class D = Cpu>
struct Conv2d : Convolution<Conv2d<T, D>, Pair, T, D> {
  Conv2d() = default;
  Conv2d(std::int64_t in_channels, std::int64_t out_channels, Pair kernel_size)
      : Conv2d(Conv2dOptions{.in_channels = in_channels, .out_channels = out_channels, .kernel_size = kernel_size}) {}
  Conv2d(const Conv2dOptions& o) : Convolution<Conv2d, Pair, T, D>("Conv2d", o) {}

  static Tensor<T, D> convolve(const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias, const Conv2dOptions& o) {
    return torchlite::conv2d(x, weight, bias, {.stride = o.stride, .padding = o.padding, .dilation = o.dilation, .groups = o.groups});
  }
};

/// One-dimensional cross-correlation.
///   x [N, in_channels, L] or [in_channels, L] -> [N, out_channels, L2],
///   L2 = (L + 2 padding - dilation (kernel_size - 1) - 1) / stride + 1
template <class T = float, class D = Cpu>
struct Conv1d : Convolution<Conv1d<T, D>, std::int64_t, T, D> {
  Conv1d() = default;
  Conv1d(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel_size)
      : Conv1d(Conv1dOptions{.in_channels = in_channels, .out_channels = out_channels, .kernel_size = kernel_size}) {}
  Conv1d(const Conv1dOptions& o) : Convolution<Conv1d, std::int64_t, T, D>("Conv1d", o) {}

  static Tensor<T, D> convolve(const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias, const Conv1dOptions& o) {
    return torchlite::conv1d(x, weight, bias, {.stride = o.stride, .padding = o.padding, .dilation = o.dilation, .groups = o.groups});
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
