// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/convolution.hpp>
#include <torchlite/ops/conv/conv_transpose.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

using ConvTranspose1dOptions = ConvTransposeOptions<std::int64_t>;
using ConvTranspose2dOptions = ConvTransposeOptions<Pair>;
using ConvTranspose3dOptions = ConvTransposeOptions<Triple>;

/// The transpose of Conv1d.
///   x [N, in_channels, L] or [in_channels, L] -> [N, out_channels, L2],
///   L2 = (L - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1
template <class T = float, class D = Cpu>
struct ConvTranspose1d : TransposedConvolution<ConvTranspose1d<T, D>, std::int64_t, T, D> {
  ConvTranspose1d() = default;
  ConvTranspose1d(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel_size)
      : ConvTranspose1d(ConvTranspose1dOptions{.in_channels = in_channels, .out_channels = out_channels, .kernel_size = kernel_size}) {}
  ConvTranspose1d(const ConvTranspose1dOptions& o) : TransposedConvolution<ConvTranspose1d, std::int64_t, T, D>("ConvTranspose1d", o) {}

  static Tensor<T, D> convolve(const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias,
                               const ConvTranspose1dOptions& o) {
    return torchlite::conv_transpose1d(
        x, weight, bias,
        {.stride = o.stride, .padding = o.padding, .output_padding = o.output_padding, .groups = o.groups, .dilation = o.dilation});
  }
};

/// The transpose of Conv2d.
///   x [N, in_channels, H, W] or [in_channels, H, W] -> [N, out_channels, H2, W2],
///   H2 = (H - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1
template <class T = float, class D = Cpu>
struct ConvTranspose2d : TransposedConvolution<ConvTranspose2d<T, D>, Pair, T, D> {
  ConvTranspose2d() = default;
  ConvTranspose2d(std::int64_t in_channels, std::int64_t out_channels, Pair kernel_size)
      : ConvTranspose2d(ConvTranspose2dOptions{.in_channels = in_channels, .out_channels = out_channels, .kernel_size = kernel_size}) {}
  ConvTranspose2d(const ConvTranspose2dOptions& o) : TransposedConvolution<ConvTranspose2d, Pair, T, D>("ConvTranspose2d", o) {}

  static Tensor<T, D> convolve(const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias,
                               const ConvTranspose2dOptions& o) {
    return torchlite::conv_transpose2d(
        x, weight, bias,
        {.stride = o.stride, .padding = o.padding, .output_padding = o.output_padding, .groups = o.groups, .dilation = o.dilation});
  }
};

/// The transpose of Conv3d.
///   x [N, in_channels, D, H, W] or [in_channels, D, H, W] -> [N, out_channels, D2, H2, W2],
///   D2 = (D - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1
template <class T = float, class D = Cpu>
struct ConvTranspose3d : TransposedConvolution<ConvTranspose3d<T, D>, Triple, T, D> {
  ConvTranspose3d() = default;
  ConvTranspose3d(std::int64_t in_channels, std::int64_t out_channels, Triple kernel_size)
      : ConvTranspose3d(ConvTranspose3dOptions{.in_channels = in_channels, .out_channels = out_channels, .kernel_size = kernel_size}) {}
  ConvTranspose3d(const ConvTranspose3dOptions& o) : TransposedConvolution<ConvTranspose3d, Triple, T, D>("ConvTranspose3d", o) {}

  static Tensor<T, D> convolve(const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias,
                               const ConvTranspose3dOptions& o) {
    return torchlite::conv_transpose3d(
        x, weight, bias,
        {.stride = o.stride, .padding = o.padding, .output_padding = o.output_padding, .groups = o.groups, .dilation = o.dilation});
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
