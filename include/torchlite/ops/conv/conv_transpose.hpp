// SPDX-License-Identifier: BSD-3-Clause
// Transposed convolutions: each is the gradient of a convolution with respect to its input, and computed as that.
#pragma once
#include <torchlite/ops/conv/conv3d.hpp>
#include <torchlite/ops/pointwise/add.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct ConvTranspose1dOptions {
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  std::int64_t output_padding = 0;  ///< added to the size of the result at its end
  std::int64_t groups = 1;
  std::int64_t dilation = 1;
};
struct ConvTranspose2dOptions {
  Pair stride = 1;
  Pair padding = 0;
  Pair output_padding = 0;  ///< added to the size of the result at its end
  std::int64_t groups = 1;
  Pair dilation = 1;
};
struct ConvTranspose3dOptions {
  Triple stride = 1;
  Triple padding = 0;
  Triple output_padding = 0;  ///< added to the size of the result at its end
  std::int64_t groups = 1;
  Triple dilation = 1;
};

/// Throws ShapeError unless input [N, C, ...], weight [C, O / groups, ...] and bias fit.
template <class T, class D>
void check_conv_transpose(const char* op, const Shape& x, const Shape& w, const Tensor<T, D>& bias, std::int64_t groups, int dims) {
  check<ShapeError>(x.rank() == dims + 2 && w.rank() == dims + 2 && groups > 0 && x[1] == w[0] && w[0] % groups == 0,
                    "{}: input has shape {}, weight has shape {}, groups is {}; [N, in, ...] and [in, out / groups, ...] with {} spatial "
                    "dimensions are needed, input channels a multiple of groups",
                    op, x.str(), w.str(), groups, dims);
  check_conv_bias(op, bias, w[1] * groups, w);
}
/// The size of the result along one axis, checked.
inline std::int64_t conv_transpose_size(const char* op, std::int64_t in, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                                        std::int64_t output_padding, std::int64_t dilation) {
  check<Error>(stride > 0 && dilation > 0 && padding >= 0 && output_padding >= 0,
               "{}: stride {} and dilation {} must be positive, padding {} and output_padding {} must not be negative", op, stride,
               dilation, padding, output_padding);
  check<Error>(output_padding < stride || output_padding < dilation,
               "{}: output_padding {} must be smaller than the stride {} or the dilation {}", op, output_padding, stride, dilation);
  const std::int64_t size = (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1;
  check<ShapeError>(in > 0 && size > 0, "{}: a dimension of {} with kernel {}, stride {} and padding {} leaves a result of size {}", op, in,
                    kernel, stride, padding, size);
  return size;
}

/// conv_transpose2d without bias, of an input with its batch, to given sizes.
template <class T, class D>
Tensor<T, D> conv_transpose2d_batch(const char* op, Site site, const Tensor<T, D>& x, const Tensor<T, D>& weight, Pair size, Pair extra,
                                    const Conv2dGeometry& g) {
  if constexpr (std::is_same_v<T, float>) {
    if (auto* const caster = amp::ProductCaster<D>::current()) return caster->conv_transpose2d(op, site, x, weight, size, extra, g);
  }
  // An output padding of a stride or more is as if zeros followed the input.
  const Pair zeros(extra.h / g.stride.h, extra.w / g.stride.w);
  const Shape sizes{x.sizes()[0], weight.sizes()[1] * g.groups, size.h, size.w};
  if (zeros == Pair(0)) return conv2d_input_gradient(op, site, x, weight, sizes, g);
  return conv2d_input_gradient(op, site, constant_pad_nd(x, {0, zeros.w, 0, zeros.h}, {}, site), weight, sizes, g);
}
template <class T, class D>
Tensor<T, D> with_channel_bias(Site site, const Tensor<T, D>& y, const Tensor<T, D>& bias) {
  if (!bias.defined()) return y;
  Shape channels = Shape::filled(y.dim() - 1, 1);
  channels[0] = bias.numel();
  return add(y, view(contiguous(bias, site), channels, site)).eval(site);
}

/// The transpose of conv2d: its gradient with respect to the input.
///   x [N, C, H, W] or [C, H, W], weight [C, O / groups, kH, kW], bias [O] or undefined -> [N, O, H', W']
///   H' = (H - 1) stride - 2 padding + dilation (kH - 1) + output_padding + 1
/// Throws ShapeError if the channels or sizes do not fit, Error if output_padding is neither less than stride nor than dilation.
template <tensor_like X, tensor_like W>
tensor_of<X> conv_transpose2d(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, const ConvTranspose2dOptions& o = {},
                              Site site = Site::current()) {
  check_conv_types<X, W>();
  const char* op = "conv_transpose2d";
  const auto& x = eval(x_, site);
  const auto& weight = eval(weight_, site);
  if (x.dim() == 3) return squeeze(conv_transpose2d(unsqueeze(x, 0, site), weight, bias, o, site), 0, site);
  check_conv_transpose(op, x.sizes(), weight.sizes(), bias, o.groups, 2);
  const Shape &s = x.sizes(), &k = weight.sizes();
  const Pair size(conv_transpose_size(op, s[2], k[2], o.stride.h, o.padding.h, o.output_padding.h, o.dilation.h),
                  conv_transpose_size(op, s[3], k[3], o.stride.w, o.padding.w, o.output_padding.w, o.dilation.w));
  return with_channel_bias(
      site, conv_transpose2d_batch(op, site, x, weight, size, o.output_padding, {o.stride, o.padding, o.dilation, o.groups}), bias);
}

/// The transpose of conv1d: its gradient with respect to the input.
///   x [N, C, L] or [C, L], weight [C, O / groups, k], bias [O] or undefined -> [N, O, L']
///   L' = (L - 1) stride - 2 padding + dilation (k - 1) + output_padding + 1
/// Throws ShapeError if the channels or sizes do not fit, Error if output_padding is neither less than stride nor than dilation.
template <tensor_like X, tensor_like W>
tensor_of<X> conv_transpose1d(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, const ConvTranspose1dOptions& o = {},
                              Site site = Site::current()) {
  check_conv_types<X, W>();
  const char* op = "conv_transpose1d";
  const auto& x = eval(x_, site);
  const auto& weight = eval(weight_, site);
  if (x.dim() == 2) return squeeze(conv_transpose1d(unsqueeze(x, 0, site), weight, bias, o, site), 0, site);
  check_conv_transpose(op, x.sizes(), weight.sizes(), bias, o.groups, 1);
  const Pair size(1, conv_transpose_size(op, x.sizes()[2], weight.sizes()[2], o.stride, o.padding, o.output_padding, o.dilation));
  const auto y = conv_transpose2d_batch(op, site, unsqueeze(x, 2, site), unsqueeze(weight, 2, site), size, Pair(0, o.output_padding),
                                        {{1, o.stride}, {0, o.padding}, {1, o.dilation}, o.groups});
  return with_channel_bias(site, squeeze(y, 2, site), bias);
}

/// The transpose of conv3d: its gradient with respect to the input.
///   x [N, C, D, H, W] or [C, D, H, W], weight [C, O / groups, kD, kH, kW], bias [O] or undefined -> [N, O, D', H', W']
///   D' = (D - 1) stride - 2 padding + dilation (kD - 1) + output_padding + 1
/// Throws ShapeError if the channels or sizes do not fit, Error if output_padding is neither less than stride nor than dilation.
template <tensor_like X, tensor_like W>
tensor_of<X> conv_transpose3d(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, const ConvTranspose3dOptions& o = {},
                              Site site = Site::current()) {
  check_conv_types<X, W>();
  const char* op = "conv_transpose3d";
  const auto& x = eval(x_, site);
  const auto& weight = eval(weight_, site);
  if (x.dim() == 4) return squeeze(conv_transpose3d(unsqueeze(x, 0, site), weight, bias, o, site), 0, site);
  check_conv_transpose(op, x.sizes(), weight.sizes(), bias, o.groups, 3);
  const Shape &s = x.sizes(), &k = weight.sizes();
  const std::int64_t depth = conv_transpose_size(op, s[2], k[2], o.stride.d, o.padding.d, o.output_padding.d, o.dilation.d);
  const Pair size(conv_transpose_size(op, s[3], k[3], o.stride.h, o.padding.h, o.output_padding.h, o.dilation.h),
                  conv_transpose_size(op, s[4], k[4], o.stride.w, o.padding.w, o.output_padding.w, o.dilation.w));
  const std::int64_t channels = k[1] * o.groups;
  const auto slices = reshape(permute(x, {0, 2, 1, 3, 4}, site), {s[0] * s[2], s[1], s[3], s[4]}, site);
  const auto flat = reshape(weight, {k[0], k[1] * k[2], k[3], k[4]}, site);
  const auto y = conv_transpose2d_batch(op, site, slices, flat, size, Pair(o.output_padding.h, o.output_padding.w),
                                        {{o.stride.h, o.stride.w}, {o.padding.h, o.padding.w}, {o.dilation.h, o.dilation.w}, o.groups});
  // What the windows along the depth have in common is added up.
  const auto windows = permute(view(y, {s[0], s[2], channels, k[2], size.h, size.w}, site), {0, 2, 3, 1, 4, 5}, site);
  AxisMaps maps;
  maps.set(-3, sliding_taps(depth, s[2], k[2], o.stride.d, o.padding.d, o.dilation.d).transposed());
  return with_channel_bias(
      site, map_axes_recorded(op, site, reshape(windows, {s[0], channels, s[2] * k[2], size.h, size.w}, site), std::move(maps)), bias);
}

}  // namespace torchlite::inline TORCHLITE_ABI
