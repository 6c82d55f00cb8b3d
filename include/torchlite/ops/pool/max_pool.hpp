// SPDX-License-Identifier: BSD-3-Clause
// The largest element of each sliding window, in one, two and three dimensions.
#pragma once
#include <torchlite/backend/cpu/pool.hpp>
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/pool/max_windows.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/tensor/check_devices.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct MaxPool1dOptions {
  std::int64_t stride = 0;  ///< 0: the kernel's size
  std::int64_t padding = 0;
  std::int64_t dilation = 1;
  bool ceil_mode = false;
};
struct MaxPool2dOptions {
  Pair stride = 0;  ///< 0: the kernel's size
  Pair padding = 0;
  Pair dilation = 1;
  bool ceil_mode = false;
};
struct MaxPool3dOptions {
  Triple stride = 0;  ///< 0: the kernel's size
  Triple padding = 0;
  Triple dilation = 1;
  bool ceil_mode = false;
};

/// The sizes of a pooling of x [..., H, W], checked.
inline backend::Pool2dShape pool2d_shape(const char* op, const Shape& x, Pair kernel, Pair stride, Pair padding, Pair dilation,
                                         bool ceil_mode) {
  check_pool_input(op, x, 2);
  if (stride.h == 0 && stride.w == 0) stride = kernel;
  backend::Pool2dShape s;
  const int r = x.rank();
  s.planes = r == 4 ? x[0] * x[1] : x[0];
  s.in_h = x[r - 2], s.in_w = x[r - 1];
  s.kernel_h = kernel.h, s.kernel_w = kernel.w, s.stride_h = stride.h, s.stride_w = stride.w;
  s.pad_h = padding.h, s.pad_w = padding.w, s.dilation_h = dilation.h, s.dilation_w = dilation.w;
  s.out_h = pooled_size(op, x, s.in_h, kernel.h, stride.h, padding.h, dilation.h, ceil_mode);
  s.out_w = pooled_size(op, x, s.in_w, kernel.w, stride.w, padding.w, dilation.w, ceil_mode);
  return s;
}
inline Shape pooled_sizes(const Shape& x, const backend::Pool2dShape& s) {
  Shape sizes = x;
  sizes[x.rank() - 2] = s.out_h;
  sizes[x.rank() - 1] = s.out_w;
  return sizes;
}

template <class I, class T, class D>
Tensor<T, D> max_pool2d_recorded(const char* name, Site site, const Tensor<T, D>& x_, const backend::Pool2dShape& s,
                                 Tensor<I, D>& indices) {
  check_devices(name, x_);
  const Tensor<T, D> x = contiguous(x_);
  const Shape sizes = pooled_sizes(x.sizes(), s);
  Tensor<T, D> y = empty<T, D>(sizes);
  indices = empty<I, D>(sizes);
  backend::count_kernel("max_pool2d");
  max_pool2d_forward(D{}, s, x.data(), y.data(), indices.data());
  if constexpr (differentiable<T>) {
    if (autograd::needed(x))
      return autograd::record(name, site, std::move(y), autograd::inputs(x),
                              [s, indices, own = x.sizes()](const autograd::Pass& pass, const Tensor<T, D>& g) -> Tensor<T, D> {
                                if (pass.create_graph()) return plane_add_recorded("max_pool2d_backward", g, indices, s.planes, own);
                                const Tensor<T, D> dense = contiguous(g);
                                Tensor<T, D> dx = empty<T, D>(own);
                                backend::count_kernel("max_pool2d");
                                max_pool2d_backward(D{}, s, dense.data(), indices.data(), dx.data());
                                return dx;
                              });
  }
  return y;
}

/// The largest element of each window; NaN wins.
///   x [N, C, H, W] or [C, H, W] -> [..., H', W'], H' = (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1
/// Throws ShapeError if no window fits.
template <tensor_like X>
tensor_of<X> max_pool2d(const X& x_, Pair kernel, const MaxPool2dOptions& o = {}, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  Tensor<std::int32_t, device_t<X>> indices;
  return max_pool2d_recorded("max_pool2d", site, x,
                             pool2d_shape("max_pool2d", x.sizes(), kernel, o.stride, o.padding, o.dilation, o.ceil_mode), indices);
}

/// max_pool2d that also tells where each maximum stands, as an index into its plane of H * W.
template <tensor_like X>
PoolResult<value_t<X>, device_t<X>> max_pool2d_with_indices(const X& x_, Pair kernel, const MaxPool2dOptions& o = {},
                                                            Site site = Site::current()) {
  const auto& x = eval(x_, site);
  PoolResult<value_t<X>, device_t<X>> result;
  const backend::Pool2dShape s = pool2d_shape("max_pool2d", x.sizes(), kernel, o.stride, o.padding, o.dilation, o.ceil_mode);
  result.values = max_pool2d_recorded("max_pool2d", site, x, s, result.indices);
  return result;
}

/// The gradient of max_pool2d with respect to its input x, from that of its result and the indices it gave.
///   grad [..., H', W'], x [..., H, W], indices [..., H', W'] -> [..., H, W]
template <tensor_like G, tensor_like X, tensor_like I>
tensor_of<G> max_pool2d_with_indices_backward(const G& grad_, const X& x_, Pair kernel, const MaxPool2dOptions& o, const I& indices_,
                                              Site site = Site::current()) {
  const char* op = "max_pool2d_with_indices_backward";
  const auto& grad = eval(grad_, site);
  const auto& x = eval(x_, site);
  const auto& indices = eval(indices_, site);
  const backend::Pool2dShape s = pool2d_shape(op, x.sizes(), kernel, o.stride, o.padding, o.dilation, o.ceil_mode);
  const Shape sizes = pooled_sizes(x.sizes(), s);
  check<ShapeError>(grad.sizes() == sizes && indices.sizes() == sizes, "{}: grad_output has shape {}, indices {}; the result has {}", op,
                    grad.sizes().str(), indices.sizes().str(), sizes.str());
  const auto index = contiguous(indices, site);
  check_plane_index(op, index, s.in_plane());
  return plane_add_recorded(op, grad, index, s.planes, x.sizes());
}

/// The sizes of a one-dimensional pooling, as one of a single row.
inline backend::Pool2dShape pool1d_shape(const char* op, const Shape& x, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                                         std::int64_t dilation, bool ceil_mode) {
  check_pool_input(op, x, 1);
  Shape row = x;
  row.insert(x.rank() - 1, 1);
  return pool2d_shape(op, row, {1, kernel}, {1, stride == 0 ? kernel : stride}, {0, padding}, {1, dilation}, ceil_mode);
}

/// The largest element of each window; NaN wins.
///   x [N, C, L] or [C, L] -> [..., L'], L' = (L + 2 padding - dilation (kernel - 1) - 1) / stride + 1
/// Throws ShapeError if no window fits.
template <tensor_like X>
tensor_of<X> max_pool1d(const X& x_, std::int64_t kernel, const MaxPool1dOptions& o = {}, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const backend::Pool2dShape s = pool1d_shape("max_pool1d", x.sizes(), kernel, o.stride, o.padding, o.dilation, o.ceil_mode);
  Tensor<std::int32_t, device_t<X>> indices;
  return squeeze(max_pool2d_recorded("max_pool1d", site, unsqueeze(x, -2, site), s, indices), -2, site);
}
/// max_pool1d that also tells where each maximum stands.
template <tensor_like X>
PoolResult<value_t<X>, device_t<X>> max_pool1d_with_indices(const X& x_, std::int64_t kernel, const MaxPool1dOptions& o = {},
                                                            Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const backend::Pool2dShape s = pool1d_shape("max_pool1d", x.sizes(), kernel, o.stride, o.padding, o.dilation, o.ceil_mode);
  PoolResult<value_t<X>, device_t<X>> result;
  result.values = squeeze(max_pool2d_recorded("max_pool1d", site, unsqueeze(x, -2, site), s, result.indices), -2, site);
  result.indices = squeeze(result.indices, -2, site);
  return result;
}

/// The windows of a three-dimensional pooling, checked.
inline backend::PoolWindows pool3d_windows(const char* op, const Shape& x, Triple kernel, Triple stride, Triple padding, Triple dilation,
                                           bool ceil_mode, bool count_pad = true) {
  check_pool_input(op, x, 3);
  if (stride == Triple(0)) stride = kernel;
  const int r = x.rank();
  const auto axis = [&](std::int64_t in, std::int64_t k, std::int64_t s, std::int64_t p, std::int64_t dil) {
    return backend::PoolAxis::sliding(in, pooled_size(op, x, in, k, s, p, dil, ceil_mode), k, s, p, dil, count_pad);
  };
  return {pool_planes(x, 3),
          {axis(x[r - 3], kernel.d, stride.d, padding.d, dilation.d), axis(x[r - 2], kernel.h, stride.h, padding.h, dilation.h),
           axis(x[r - 1], kernel.w, stride.w, padding.w, dilation.w)}};
}

/// The largest element of each window; NaN wins. Also where each stands, as an index into its volume of D * H * W.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D', H', W'], D' = (D + 2 padding - dilation (kernel - 1) - 1) / stride + 1
/// Throws ShapeError if no window fits.
template <tensor_like X>
PoolResult<value_t<X>, device_t<X>> max_pool3d_with_indices(const X& x_, Triple kernel, const MaxPool3dOptions& o = {},
                                                            Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return max_windows_recorded("max_pool3d", site, x, 3,
                              pool3d_windows("max_pool3d", x.sizes(), kernel, o.stride, o.padding, o.dilation, o.ceil_mode));
}
template <tensor_like X>
tensor_of<X> max_pool3d(const X& x, Triple kernel, const MaxPool3dOptions& o = {}, Site site = Site::current()) {
  return max_pool3d_with_indices(x, kernel, o, site).values;
}

}  // namespace torchlite::inline TORCHLITE_ABI
