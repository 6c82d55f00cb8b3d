// SPDX-License-Identifier: BSD-3-Clause
// Poolings whose windows together cover the input, as many as asked for: window i of an axis of n elements covers those from
// floor(i n / out) to before ceil((i + 1) n / out).
#pragma once
#include <torchlite/ops/pool/avg_pool.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

/// As an output size of an adaptive pooling: the input's size (PyTorch's None).
inline constexpr std::int64_t same_size = std::numeric_limits<std::int64_t>::min();

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

/// The windows of an adaptive pooling of the last `dims` dimensions, checked.
inline backend::PoolWindows adaptive_windows(const char* op, const Shape& x, int dims, Triple out) {
  check_pool_input(op, x, dims);
  const std::int64_t sizes[] = {out.d, out.h, out.w};
  backend::PoolWindows w;
  w.planes = pool_planes(x, dims);
  for (int axis = 3 - dims; axis < 3; ++axis) {
    const std::int64_t in = x[x.rank() - 3 + axis];
    check<Error>(sizes[axis] >= 0 || sizes[axis] == same_size, "{}: output size {} is negative; same_size keeps the input's size", op,
                 sizes[axis]);
    w.axes[axis] = backend::PoolAxis::adaptive(in, sizes[axis] == same_size ? in : sizes[axis]);
  }
  return w;
}
inline backend::Pool2dShape adaptive_pool2d_shape(const backend::PoolWindows& w) {
  backend::Pool2dShape s;
  s.planes = w.planes, s.in_h = w.axes[1].in, s.in_w = w.axes[2].in, s.out_h = w.axes[1].out, s.out_w = w.axes[2].out;
  return s;
}

/// The mean of each window.
///   x [N, C, L] or [C, L] -> [..., out]
template <tensor_like X>
tensor_of<X> adaptive_avg_pool1d(const X& x_, std::int64_t out, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "adaptive_avg_pool1d needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  const backend::PoolWindows w = adaptive_windows("adaptive_avg_pool1d", x.sizes(), 1, {1, 1, out});
  return average_pool_forward("adaptive_avg_pool1d", site, x, x.sizes(), windowed_sizes(x.sizes(), 1, w),
                              AdaptiveWindows{adaptive_pool2d_shape(w)});
}
/// The mean of each window.
///   x [N, C, H, W] or [C, H, W] -> [..., out.h, out.w]
template <tensor_like X>
tensor_of<X> adaptive_avg_pool2d(const X& x_, Pair out, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "adaptive_avg_pool2d needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  const backend::PoolWindows w = adaptive_windows("adaptive_avg_pool2d", x.sizes(), 2, {1, out.h, out.w});
  return average_pool_forward("adaptive_avg_pool2d", site, x, x.sizes(), windowed_sizes(x.sizes(), 2, w),
                              AdaptiveWindows{adaptive_pool2d_shape(w)});
}
/// The mean of each window.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., out.d, out.h, out.w]
template <tensor_like X>
tensor_of<X> adaptive_avg_pool3d(const X& x_, Triple out, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "adaptive_avg_pool3d needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  return window_means("adaptive_avg_pool3d", site, x, adaptive_windows("adaptive_avg_pool3d", x.sizes(), 3, out), 0);
}

/// The largest element of each window, and where it stands in its plane; NaN wins.
///   x [N, C, L] or [C, L] -> [..., out]
template <tensor_like X>
PoolResult<value_t<X>, device_t<X>> adaptive_max_pool1d_with_indices(const X& x_, std::int64_t out, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return max_windows_recorded("adaptive_max_pool1d", site, x, 1, adaptive_windows("adaptive_max_pool1d", x.sizes(), 1, {1, 1, out}));
}
template <tensor_like X>
tensor_of<X> adaptive_max_pool1d(const X& x, std::int64_t out, Site site = Site::current()) {
  return adaptive_max_pool1d_with_indices(x, out, site).values;
}
/// The largest element of each window, and where it stands in its plane; NaN wins.
///   x [N, C, H, W] or [C, H, W] -> [..., out.h, out.w]
template <tensor_like X>
PoolResult<value_t<X>, device_t<X>> adaptive_max_pool2d_with_indices(const X& x_, Pair out, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return max_windows_recorded("adaptive_max_pool2d", site, x, 2, adaptive_windows("adaptive_max_pool2d", x.sizes(), 2, {1, out.h, out.w}));
}
template <tensor_like X>
tensor_of<X> adaptive_max_pool2d(const X& x, Pair out, Site site = Site::current()) {
  return adaptive_max_pool2d_with_indices(x, out, site).values;
}
/// The largest element of each window, and where it stands in its volume; NaN wins.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., out.d, out.h, out.w]
template <tensor_like X>
PoolResult<value_t<X>, device_t<X>> adaptive_max_pool3d_with_indices(const X& x_, Triple out, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return max_windows_recorded("adaptive_max_pool3d", site, x, 3, adaptive_windows("adaptive_max_pool3d", x.sizes(), 3, out));
}
template <tensor_like X>
tensor_of<X> adaptive_max_pool3d(const X& x, Triple out, Site site = Site::current()) {
  return adaptive_max_pool3d_with_indices(x, out, site).values;
}

}  // namespace torchlite::inline TORCHLITE_ABI
