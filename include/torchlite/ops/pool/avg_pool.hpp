// SPDX-License-Identifier: BSD-3-Clause
// The mean of each sliding window, in one, two and three dimensions.
#pragma once
#include <torchlite/ops/pool/max_pool.hpp>
#include <torchlite/ops/pool/window_means.hpp>
#include <torchlite/tensor/check_devices.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct AvgPool1dOptions {
  std::int64_t stride = 0;  ///< 0: the kernel's size
  std::int64_t padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
};
struct AvgPool2dOptions {
  Pair stride = 0;  ///< 0: the kernel's size
  Pair padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
  std::int64_t divisor_override = 0;  ///< 0: the number of elements
};
struct AvgPool3dOptions {
  Triple stride = 0;  ///< 0: the kernel's size
  Triple padding = 0;
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
  check_devices(name, g_);
  const Tensor<T, D> g = contiguous(g_);
  Tensor<T, D> dx = empty<T, D>(in);
  backend::count_kernel("average_pool_backward");
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
  check_devices(name, x_);
  const Tensor<T, D> x = contiguous(x_);
  Tensor<T, D> y = empty<T, D>(out);
  backend::count_kernel("average_pool_forward");
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

/// The mean of each window.
///   x [N, C, H, W] or [C, H, W] -> [..., H', W'], H' = (H + 2 padding - kernel) / stride + 1
/// Throws ShapeError if no window fits.
template <tensor_like X>
tensor_of<X> avg_pool2d(const X& x_, Pair kernel, const AvgPool2dOptions& o = {}, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "avg_pool2d needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  const StridedWindows windows{pool2d_shape("avg_pool2d", x.sizes(), kernel, o.stride, o.padding, 1, o.ceil_mode),
                               {o.count_include_pad, o.divisor_override}};
  return average_pool_forward("avg_pool2d", site, x, x.sizes(), pooled_sizes(x.sizes(), windows.shape), windows);
}

/// The mean of each window.
///   x [N, C, L] or [C, L] -> [..., L'], L' = (L + 2 padding - kernel) / stride + 1
/// Throws ShapeError if no window fits.
template <tensor_like X>
tensor_of<X> avg_pool1d(const X& x_, std::int64_t kernel, const AvgPool1dOptions& o = {}, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "avg_pool1d needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  const StridedWindows windows{pool1d_shape("avg_pool1d", x.sizes(), kernel, o.stride, o.padding, 1, o.ceil_mode),
                               {o.count_include_pad, 0}};
  Shape out = x.sizes();
  out.back() = windows.shape.out_w;
  return average_pool_forward("avg_pool1d", site, x, x.sizes(), out, windows);
}

/// The mean of each window.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D', H', W'], D' = (D + 2 padding - kernel) / stride + 1
/// Throws ShapeError if no window fits.
template <tensor_like X>
tensor_of<X> avg_pool3d(const X& x_, Triple kernel, const AvgPool3dOptions& o = {}, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "avg_pool3d needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  return window_means("avg_pool3d", site, x,
                      pool3d_windows("avg_pool3d", x.sizes(), kernel, o.stride, o.padding, 1, o.ceil_mode, o.count_include_pad),
                      o.divisor_override);
}

}  // namespace torchlite::inline TORCHLITE_ABI
