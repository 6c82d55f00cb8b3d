// SPDX-License-Identifier: BSD-3-Clause
// A two-dimensional convolution and its two gradients as recorded operations. Each is linear in both its operands, and their
// gradients are again these three, so that any order works.
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/backend/cpu/conv.hpp>
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/contiguous.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// How a kernel moves over its input.
struct Conv2dGeometry {
  Pair stride = 1;
  Pair padding = 0;
  Pair dilation = 1;
  std::int64_t groups = 1;
};

template <class X, class W>
constexpr void check_conv_types() {
  static_assert(floating<value_t<X>>, "a convolution needs a floating dtype; cast first: x.to<float>()");
  static_assert(std::is_same_v<device_t<X>, device_t<W>>,
                "operands live on different devices; move one first, for example with a.to<Cuda>()");
  static_assert(std::is_same_v<value_t<X>, value_t<W>>, "a convolution needs input and weight of one dtype; cast one with to<T>()");
}

/// Throws ShapeError unless input [N, C, ...] and weight [O, C / groups, ...] fit.
inline void check_conv_operands(const char* op, const Shape& x, const Shape& w, std::int64_t groups, int dims) {
  static constexpr const char* spatial[] = {"", "L", "H, W", "D, H, W"};
  static constexpr const char* kernel[] = {"", "k", "kH, kW", "kD, kH, kW"};
  check<ShapeError>(x.rank() == dims + 2 && w.rank() == dims + 2,
                    "{}: input has shape {}, weight has shape {}; [N, C, {}] and [out, in / groups, {}] are needed", op, x.str(), w.str(),
                    spatial[dims], kernel[dims]);
  check<ShapeError>(
      groups > 0 && x[1] == w[1] * groups && w[0] % groups == 0,
      "{}: input has shape {}, weight has shape {}, groups is {}; input channels must be weight's second size times groups, output "
      "channels a multiple of groups",
      op, x.str(), w.str(), groups);
}
template <class T, class D>
void check_conv_bias(const char* op, const Tensor<T, D>& bias, std::int64_t channels, const Shape& weight) {
  check<ShapeError>(!bias.defined() || (bias.dim() == 1 && bias.sizes()[0] == channels),
                    "{}: bias is {}, weight is {}; bias must have one element for each of the {} output channels", op,
                    bias.defined() ? bias.sizes().str() : "", weight.str(), channels);
}

/// The sizes of a convolution, checked.
inline backend::Conv2dShape conv2d_shape(const char* op, const Shape& x, const Shape& w, const Conv2dGeometry& o) {
  check_conv_operands(op, x, w, o.groups, 2);
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
Tensor<T, D> conv2d_recorded(const char* op, Site site, const Tensor<T, D>& x, const Tensor<T, D>& w, const Tensor<T, D>& bias,
                             const Conv2dGeometry& o);
template <class T, class D>
Tensor<T, D> conv2d_weight_gradient(const Tensor<T, D>& g_, const Tensor<T, D>& x_, const Shape& w_sizes, const Conv2dGeometry& o);

/// The gradient of a convolution with respect to its input, differentiable itself: linear in g and in w.
template <class T, class D>
Tensor<T, D> conv2d_input_gradient(const char* op, Site site, const Tensor<T, D>& g_, const Tensor<T, D>& w_, const Shape& x_sizes,
                                   const Conv2dGeometry& o) {
  check_devices(op, g_, w_);
  const Tensor<T, D> g = contiguous(g_), w = contiguous(w_);
  Tensor<T, D> dx = empty<T, D>(x_sizes);
  backend::count_kernel("conv2d_input_gradient");
  conv2d_backward_input(D{}, conv2d_shape(op, x_sizes, w.sizes(), o), g.data(), w.data(), dx.data());
  if (!autograd::needed(g, w)) return dx;
  return autograd::record(op, site, std::move(dx), autograd::inputs(g, w),
                          [g = autograd::save(g), w = autograd::save(w), o](const autograd::Pass& pass, const Tensor<T, D>& v) {
                            return std::tuple(
                                pass.needs(0) ? conv2d_recorded("conv2d", Site{}, v, w.get(), Tensor<T, D>(), o) : Tensor<T, D>(),
                                pass.needs(1) ? conv2d_weight_gradient(g.get(), v, w.get().sizes(), o) : Tensor<T, D>());
                          });
}

/// The gradient of a convolution with respect to its weight, differentiable itself: linear in g and in x.
template <class T, class D>
Tensor<T, D> conv2d_weight_gradient(const Tensor<T, D>& g_, const Tensor<T, D>& x_, const Shape& w_sizes, const Conv2dGeometry& o) {
  const Tensor<T, D> g = contiguous(g_), x = contiguous(x_);
  Tensor<T, D> dw = empty<T, D>(w_sizes);
  backend::count_kernel("conv2d_weight_gradient");
  conv2d_backward_weight(D{}, conv2d_shape("conv2d", x.sizes(), w_sizes, o), g.data(), x.data(), dw.data());
  if (!autograd::needed(g, x)) return dw;
  return autograd::record(
      "conv2d_backward_weight", Site{}, std::move(dw), autograd::inputs(g, x),
      [g = autograd::save(g), x = autograd::save(x), o](const autograd::Pass& pass, const Tensor<T, D>& v) {
        return std::tuple(
            pass.needs(0) ? conv2d_recorded("conv2d", Site{}, x.get(), v, Tensor<T, D>(), o) : Tensor<T, D>(),
            pass.needs(1) ? conv2d_input_gradient("conv2d_backward_input", Site{}, g.get(), v, x.get().sizes(), o) : Tensor<T, D>());
      });
}

template <class T, class D>
Tensor<T, D> conv2d_recorded(const char* op, Site site, const Tensor<T, D>& x_, const Tensor<T, D>& w_, const Tensor<T, D>& bias_,
                             const Conv2dGeometry& o) {
  const backend::Conv2dShape s = conv2d_shape(op, x_.sizes(), w_.sizes(), o);
  check_devices(op, x_, w_, bias_);
  check_conv_bias(op, bias_, s.out_channels, w_.sizes());
  const Tensor<T, D> x = contiguous(x_), w = contiguous(w_), bias = bias_.defined() ? contiguous(bias_) : bias_;
  Tensor<T, D> y = empty<T, D>({s.batch, s.out_channels, s.out_h, s.out_w});
  backend::count_kernel("conv2d");
  conv2d_forward(D{}, s, x.data(), w.data(), bias.defined() ? bias.data() : nullptr, y.data());
  if (!autograd::needed(x, w, bias)) return y;
  return autograd::record(op, site, std::move(y), autograd::inputs(x, w, bias),
                          [x = autograd::save(x), w = autograd::save(w), o](const autograd::Pass& pass, const Tensor<T, D>& g) {
                            Tensor<T, D> dx, dw, db;  // the weight first: it needs the most memory beside its result
                            if (pass.needs(1)) dw = conv2d_weight_gradient(g, x.get(), w.get().sizes(), o);
                            if (pass.needs(0)) dx = conv2d_input_gradient("conv2d_backward_input", Site{}, g, w.get(), x.get().sizes(), o);
                            if (pass.needs(2)) db = sum(g, Shape{0, 2, 3});
                            return std::tuple(dx, dw, db);
                          });
}

}  // namespace torchlite::inline TORCHLITE_ABI
