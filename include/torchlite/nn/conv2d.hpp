// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/conv/conv2d.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct Conv2dOptions {
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  Pair kernel_size = 1;
  Pair stride = 1;
  Pair padding = 0;
  Pair dilation = 1;
  std::int64_t groups = 1;
  bool bias = true;
};

/// Two-dimensional cross-correlation.
///   x [N, in_channels, H, W] or [in_channels, H, W] -> [N, out_channels, H2, W2],
///   H2 = (H + 2 padding - dilation (kernel_size - 1) - 1) / stride + 1
/// weight and bias start uniform in +-1 / sqrt(fan_in), as in PyTorch.
template <class T = float, class D = Cpu>
struct Conv2d : Module<Conv2d<T, D>> {
  Conv2d() = default;
  Conv2d(std::int64_t in_channels, std::int64_t out_channels, Pair kernel_size)
      : Conv2d(Conv2dOptions{.in_channels = in_channels, .out_channels = out_channels, .kernel_size = kernel_size}) {}
  Conv2d(const Conv2dOptions& o) : options(o) {
    check<Error>(o.groups > 0 && o.in_channels % o.groups == 0 && o.out_channels % o.groups == 0,
                 "Conv2d: {} input and {} output channels must both be divisible by groups, which is {}", o.in_channels, o.out_channels,
                 o.groups);
    weight = empty<T, D>({o.out_channels, o.in_channels / o.groups, o.kernel_size.h, o.kernel_size.w});
    if (o.bias) bias = empty<T, D>({o.out_channels});
    reset_parameters();
  }

  void reset_parameters() {
    init::kaiming_uniform_(weight, std::sqrt(5.0));
    const std::int64_t fan_in = init::calculate_fans(weight.sizes()).in;
    const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
    if (bias.defined()) init::uniform_(bias, -bound, bound);
  }

  Tensor<T, D> forward(const Tensor<T, D>& x) const {
    return torchlite::conv2d(
        x, weight, bias, {.stride = options.stride, .padding = options.padding, .dilation = options.dilation, .groups = options.groups});
  }

  std::string extra_repr() const {
    const Conv2dOptions& o = options;
    std::string text = fmt::format("{}, {}, kernel_size={}, stride={}", o.in_channels, o.out_channels, repr(o.kernel_size), repr(o.stride));
    if (o.padding.h != 0 || o.padding.w != 0) text += ", padding=" + repr(o.padding);
    if (o.dilation.h != 1 || o.dilation.w != 1) text += ", dilation=" + repr(o.dilation);
    if (o.groups != 1) text += fmt::format(", groups={}", o.groups);
    if (!bias.defined()) text += ", bias=False";
    return text;
  }
  auto fields() { return nn::fields("weight", weight, "bias", bias, "options", options); }

  Conv2dOptions options;
  Parameter<T, D> weight, bias;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
