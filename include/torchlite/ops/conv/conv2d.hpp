// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/backend/cpu/conv.hpp>
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct Conv2dOptions {
  Pair stride = 1;
  Pair padding = 0;
  Pair dilation = 1;
  std::int64_t groups = 1;
};

/// The sizes of a convolution, checked.
inline backend::Conv2dShape conv2d_shape(const char* op, const Shape& x, const Shape& w, const Conv2dOptions& o) {
  check<ShapeError>(x.rank() == 4 && w.rank() == 4,
                    "{}: input has shape {}, weight has shape {}; [N, C, H, W] and [out, in / groups, kH, kW] are needed", op, x.str(),
                    w.str());
  check<ShapeError>(
      o.groups > 0 && x[1] == w[1] * o.groups && w[0] % o.groups == 0,
      "{}: input has shape {}, weight has shape {}, groups is {}; input channels must be weight's second size times groups, output "
      "channels a multiple of groups",
      op, x.str(), w.str(), o.groups);
  check<Error>(o.stride.h > 0 && o.stride.w > 0 && o.dilation.h > 0 && o.dilation.w > 0 && o.padding.h >= 0 && o.padding.w >= 0,
               "{}: stride ({}, {}) and dilation ({}, {}) must be positive, padding ({}, {}) must not be negative", op, o.stride.h,
               o.stride.w, o.dilation.h, o.dilation.w, o.padding.h, o.padding.w);
  backend::Conv2dShape s;
  s.batch = x[0], s.in_channels = x[1], s.in_h = x[2], s.in_w = x[3];
  s.out_channels = w[0], s.kernel_h = w[2], s.kernel_w = w[3];
  s.stride_h = o.stride.h, s.stride_w = o.stride.w, s.pad_h = o.padding.h, s.pad_w = o.padding.w;
  s.dilation_h = o.dilation.h, s.dilation_w = o.dilation.w, s.groups = o.groups;
  s.out_h = s.out_size(s.in_h, s.kernel_h, s.stride_h, s.pad_h, s.dilation_h);
  s.out_w = s.out_size(s.in_w, s.kernel_w, s.stride_w, s.pad_w, s.dilation_w);
  check<ShapeError>(s.out_h > 0 && s.out_w > 0, "{}: the kernel of weight {} with dilation ({}, {}) is larger than the padded input {}", op,
                    w.str(), o.dilation.h, o.dilation.w, x.str());
  return s;
}

template <class T, class D>
Tensor<T, D> conv2d_recorded(Site site, const Tensor<T, D>& x, const Tensor<T, D>& w, const Tensor<T, D>& bias, const Conv2dOptions& o);

/// The gradient of a convolution with respect to its input, differentiable itself: linear in g and in w.
template <class T, class D>
Tensor<T, D> conv2d_input_gradient(const Tensor<T, D>& g_, const Tensor<T, D>& w_, const Shape& x_sizes, const Conv2dOptions& o) {
  const Tensor<T, D> g = contiguous(g_), w = contiguous(w_);
  Tensor<T, D> dx = empty<T, D>(x_sizes);
  backend::count_kernel();
  conv2d_backward_input(D{}, conv2d_shape("conv2d", x_sizes, w.sizes(), o), g.data(), w.data(), dx.data());
  if (!autograd::needed(g, w)) return dx;
  return autograd::record("conv2d_backward_input", Site{}, std::move(dx), autograd::inputs(g, w),
                          [g = autograd::save(g), w = autograd::save(w), o](const autograd::Pass& pass, const Tensor<T, D>& v) {
                            return std::tuple(pass.needs(0) ? conv2d_recorded(Site{}, v, w.get(), {}, o) : Tensor<T, D>(),
                                              pass.needs(1) ? conv2d_weight_gradient(g.get(), v, w.get().sizes(), o) : Tensor<T, D>());
                          });
}

/// The gradient of a convolution with respect to its weight, differentiable itself: linear in g and in x.
template <class T, class D>
Tensor<T, D> conv2d_weight_gradient(const Tensor<T, D>& g_, const Tensor<T, D>& x_, const Shape& w_sizes, const Conv2dOptions& o) {
  const Tensor<T, D> g = contiguous(g_), x = contiguous(x_);
  Tensor<T, D> dw = empty<T, D>(w_sizes);
  backend::count_kernel();
  conv2d_backward_weight(D{}, conv2d_shape("conv2d", x.sizes(), w_sizes, o), g.data(), x.data(), dw.data());
  if (!autograd::needed(g, x)) return dw;
  return autograd::record("conv2d_backward_weight", Site{}, std::move(dw), autograd::inputs(g, x),
                          [g = autograd::save(g), x = autograd::save(x), o](const autograd::Pass& pass, const Tensor<T, D>& v) {
                            return std::tuple(pass.needs(0) ? conv2d_recorded(Site{}, x.get(), v, {}, o) : Tensor<T, D>(),
                                              pass.needs(1) ? conv2d_input_gradient(g.get(), v, x.get().sizes(), o) : Tensor<T, D>());
                          });
}

template <class T, class D>
Tensor<T, D> conv2d_recorded(Site site, const Tensor<T, D>& x_, const Tensor<T, D>& w_, const Tensor<T, D>& bias_, const Conv2dOptions& o) {
  const backend::Conv2dShape s = conv2d_shape("conv2d", x_.sizes(), w_.sizes(), o);
  check<ShapeError>(!bias_.defined() || (bias_.dim() == 1 && bias_.sizes()[0] == s.out_channels),
                    "conv2d: bias is {}, weight is {}; bias must be [out]", bias_.defined() ? bias_.sizes().str() : "", w_.sizes().str());
  const Tensor<T, D> x = contiguous(x_), w = contiguous(w_), bias = bias_.defined() ? contiguous(bias_) : bias_;
  Tensor<T, D> y = empty<T, D>({s.batch, s.out_channels, s.out_h, s.out_w});
  backend::count_kernel();
  conv2d_forward(D{}, s, x.data(), w.data(), bias.defined() ? bias.data() : nullptr, y.data());
  if (!autograd::needed(x, w, bias)) return y;
  return autograd::record("conv2d", site, std::move(y), autograd::inputs(x, w, bias),
                          [x = autograd::save(x), w = autograd::save(w), o](const autograd::Pass& pass, const Tensor<T, D>& g) {
                            return std::tuple(pass.needs(0) ? conv2d_input_gradient(g, w.get(), x.get().sizes(), o) : Tensor<T, D>(),
                                              pass.needs(1) ? conv2d_weight_gradient(g, x.get(), w.get().sizes(), o) : Tensor<T, D>(),
                                              pass.needs(2) ? sum(g, Shape{0, 2, 3}) : Tensor<T, D>());
                          });
}

/// Two-dimensional cross-correlation.
///   x [N, C, H, W] or [C, H, W], weight [O, C / groups, kH, kW], bias [O] or undefined -> [N, O, H', W']
///   H' = (H + 2 padding - dilation (kH - 1) - 1) / stride + 1
/// Throws ShapeError if the channels or sizes do not fit.
template <tensor_like X, tensor_like W>
tensor_of<X> conv2d(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, const Conv2dOptions& options = {},
                    Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "conv2d needs a floating dtype; cast first: x.to<float>()");
  static_assert(std::is_same_v<device_t<X>, device_t<W>>,
                "operands live on different devices; move one first, for example with a.to<Cuda>()");
  static_assert(std::is_same_v<value_t<X>, value_t<W>>, "conv2d needs input and weight of one dtype; cast one with to<T>()");
  const auto& x = eval(x_);
  const auto& weight = eval(weight_);
  if (x.dim() == 3) return squeeze(conv2d_recorded(site, unsqueeze(x, 0), weight, bias, options), 0);
  return conv2d_recorded(site, x, weight, bias, options);
}

}  // namespace torchlite::inline TORCHLITE_ABI
