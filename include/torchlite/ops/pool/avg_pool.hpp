// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pool/max_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct AvgPool2dOptions {
  Pair stride = 0;  ///< 0: the kernel's size
  Pair padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
  std::int64_t divisor_override = 0;  ///< 0: the number of elements
};

/// An average pooling and its transpose; each is the other's gradient. `windows` says how: by kernel and stride, or adaptive.
template <class T, class D, class Windows>
Tensor<T, D> average_pool_forward(const char* name, Site site, const Tensor<T, D>& x_, const Shape& in, const Shape& out,
                                  const Windows& windows);
template <class T, class D, class Windows>
Tensor<T, D> average_pool_backward(const char* name, const Tensor<T, D>& g_, const Shape& in, const Shape& out, const Windows& windows) {
  const Tensor<T, D> g = contiguous(g_);
  Tensor<T, D> dx = empty<T, D>(in);
  backend::count_kernel();
  windows.backward(D{}, g.data(), dx.data());
  if (!autograd::needed(g)) return dx;
  return autograd::record(name, Site{}, std::move(dx), autograd::inputs(g),
                          [name, in, out, windows](const autograd::Pass&, const Tensor<T, D>& v) {
                            return average_pool_forward(name, Site{}, v, in, out, windows);
                          });
}
template <class T, class D, class Windows>
Tensor<T, D> average_pool_forward(const char* name, Site site, const Tensor<T, D>& x_, const Shape& in, const Shape& out,
                                  const Windows& windows) {
  const Tensor<T, D> x = contiguous(x_);
  Tensor<T, D> y = empty<T, D>(out);
  backend::count_kernel();
  windows.forward(D{}, x.data(), y.data());
  if (!autograd::needed(x)) return y;
  return autograd::record(
      name, site, std::move(y), autograd::inputs(x),
      [name, in, out, windows](const autograd::Pass&, const Tensor<T, D>& g) { return average_pool_backward(name, g, in, out, windows); });
}

struct StridedWindows {
  backend::Pool2dShape shape;
  backend::AveragePooling how;
  template <class D, class T>
  void forward(D device, const T* x, T* y) const {
    avg_pool2d_forward(device, shape, how, x, y);
  }
  template <class D, class T>
  void backward(D device, const T* dy, T* dx) const {
    avg_pool2d_backward(device, shape, how, dy, dx);
  }
};
struct AdaptiveWindows {
  backend::Pool2dShape shape;
  template <class D, class T>
  void forward(D device, const T* x, T* y) const {
    adaptive_avg_pool2d_forward(device, shape, x, y);
  }
  template <class D, class T>
  void backward(D device, const T* dy, T* dx) const {
    adaptive_avg_pool2d_backward(device, shape, dy, dx);
  }
};

/// The mean of each window.
///   x [N, C, H, W] or [C, H, W] -> [..., H', W'], H' = (H + 2 padding - kernel) / stride + 1
/// Throws ShapeError if no window fits.
template <tensor_like X>
tensor_of<X> avg_pool2d(const X& x_, Pair kernel, const AvgPool2dOptions& o = {}, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "avg_pool2d needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_);
  const StridedWindows windows{pool2d_shape("avg_pool2d", x.sizes(), kernel, o.stride, o.padding, 1, o.ceil_mode),
                               {o.count_include_pad, o.divisor_override}};
  return average_pool_forward("avg_pool2d", site, x, x.sizes(), pooled_sizes(x.sizes(), windows.shape), windows);
}

/// The mean of windows that together cover the input, as many as out says.
///   x [N, C, H, W] or [C, H, W] -> [..., out.h, out.w]; window i covers rows floor(i H / out.h) to ceil((i + 1) H / out.h)
template <tensor_like X>
tensor_of<X> adaptive_avg_pool2d(const X& x_, Pair out, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "adaptive_avg_pool2d needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_);
  check<Error>(out.h > 0 && out.w > 0, "adaptive_avg_pool2d: the output size ({}, {}) must be positive", out.h, out.w);
  AdaptiveWindows windows{pool2d_shape("adaptive_avg_pool2d", x.sizes(), 1, 1, 0, 1, false)};
  windows.shape.out_h = out.h, windows.shape.out_w = out.w;
  return average_pool_forward("adaptive_avg_pool2d", site, x, x.sizes(), pooled_sizes(x.sizes(), windows.shape), windows);
}

}  // namespace torchlite::inline TORCHLITE_ABI
