// SPDX-License-Identifier: BSD-3-Clause
// What all convolution layers share.
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/conv/conv_padding.hpp>
#include <torchlite/ops/pad/pad.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

template <class Size>
struct ConvOptions {
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  Size kernel_size = 1;
  Size stride = 1;
  ConvPadding<Size> padding = 0;  ///< numbers, "same" or "valid"
  Size dilation = 1;
  std::int64_t groups = 1;
  bool bias = true;
  PadMode padding_mode = PadMode::constant;  ///< constant: zeros
};
template <class Size>
struct ConvTransposeOptions {
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  Size kernel_size = 1;
  Size stride = 1;
  Size padding = 0;
  Size output_padding = 0;
  std::int64_t groups = 1;
  bool bias = true;
  Size dilation = 1;
};

inline void check_channels(const char* layer, std::int64_t in, std::int64_t out, std::int64_t groups) {
  check<Error>(groups > 0 && in % groups == 0 && out % groups == 0,
               "{}: {} input and {} output channels must both be divisible by groups, which is {}", layer, in, out, groups);
}
inline Shape kernel_sizes(std::int64_t first, std::int64_t second, const Shape& kernel) {
  Shape sizes{first, second};
  for (std::int64_t k : kernel) sizes.push_back(k);
  return sizes;
}

/// Weight and bias uniform in +-1 / sqrt(fan_in), as in PyTorch.
template <class T, class D>
void reset_convolution(const Parameter<T, D>& weight, const Parameter<T, D>& bias) {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  const std::int64_t fan_in = init::calculate_fans(weight.sizes()).in;
  const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  if (bias.defined()) init::uniform_(bias, -bound, bound);
}

/// The padding of a convolution as pad() takes it.
inline Shape frame_of(const Shape& kernel, const Shape& padding, const Shape& dilation, bool same) {
  Shape frame;
  for (int d = kernel.rank() - 1; d >= 0; --d) {
    const std::int64_t total = same ? dilation[d] * (kernel[d] - 1) : 2 * padding[d];
    frame.push_back(total / 2);
    frame.push_back(total - total / 2);
  }
  return frame;
}

/// A convolution layer; Self::convolve(x, weight, bias, options) is the operation.
template <class Self, class Size, class T, class D>
struct Convolution : Module<Self> {
  Convolution() = default;
  Convolution(const char* layer, const ConvOptions<Size>& o) : options(o) {
    check_channels(layer, o.in_channels, o.out_channels, o.groups);
    weight = empty<T, D>(kernel_sizes(o.out_channels, o.in_channels / o.groups, extents(o.kernel_size)));
    if (o.bias) bias = empty<T, D>({o.out_channels});
    reset_parameters();
  }

  void reset_parameters() { reset_convolution(weight, bias); }

  Tensor<T, D> forward(const Tensor<T, D>& x) const {
    if (options.padding_mode == PadMode::constant) return Self::convolve(x, weight, bias, options);
    ConvOptions<Size> bare = options;
    bare.padding = 0;
    const Shape frame =
        frame_of(extents(options.kernel_size), extents(options.padding.size), extents(options.dilation), options.padding.same);
    return Self::convolve(torchlite::pad(x, frame, options.padding_mode), weight, bias, bare);
  }

  std::string extra_repr() const {
    static constexpr const char* modes[] = {"zeros", "reflect", "replicate", "circular"};
    const ConvOptions<Size>& o = options;
    std::string text = format_text("{}, {}, kernel_size={}, stride={}", o.in_channels, o.out_channels, repr(extents(o.kernel_size)),
                                   repr(extents(o.stride)));
    if (o.padding.same) text += ", padding=same";
    else if (o.padding.size != Size(0)) text += ", padding=" + repr(extents(o.padding.size));
    if (o.dilation != Size(1)) text += ", dilation=" + repr(extents(o.dilation));
    if (o.groups != 1) text += format_text(", groups={}", o.groups);
    if (!bias.defined()) text += ", bias=False";
    if (o.padding_mode != PadMode::constant) text += format_text(", padding_mode={}", modes[static_cast<int>(o.padding_mode)]);
    return text;
  }
  auto fields() { return nn::fields("weight", weight, "bias", bias, "options", options); }

  ConvOptions<Size> options;
  Parameter<T, D> weight, bias;
};

/// A transposed convolution layer; Self::convolve(x, weight, bias, options) is the operation.
template <class Self, class Size, class T, class D>
struct TransposedConvolution : Module<Self> {
  TransposedConvolution() = default;
  TransposedConvolution(const char* layer, const ConvTransposeOptions<Size>& o) : options(o) {
    check_channels(layer, o.in_channels, o.out_channels, o.groups);
    weight = empty<T, D>(kernel_sizes(o.in_channels, o.out_channels / o.groups, extents(o.kernel_size)));
    if (o.bias) bias = empty<T, D>({o.out_channels});
    reset_parameters();
  }

  void reset_parameters() { reset_convolution(weight, bias); }

  Tensor<T, D> forward(const Tensor<T, D>& x) const { return Self::convolve(x, weight, bias, options); }

  std::string extra_repr() const {
    const ConvTransposeOptions<Size>& o = options;
    std::string text = format_text("{}, {}, kernel_size={}, stride={}", o.in_channels, o.out_channels, repr(extents(o.kernel_size)),
                                   repr(extents(o.stride)));
    if (o.padding != Size(0)) text += ", padding=" + repr(extents(o.padding));
    if (o.dilation != Size(1)) text += ", dilation=" + repr(extents(o.dilation));
    if (o.output_padding != Size(0)) text += ", output_padding=" + repr(extents(o.output_padding));
    if (o.groups != 1) text += format_text(", groups={}", o.groups);
    if (!bias.defined()) text += ", bias=False";
    return text;
  }
  auto fields() { return nn::fields("weight", weight, "bias", bias, "options", options); }

  ConvTransposeOptions<Size> options;
  Parameter<T, D> weight, bias;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
