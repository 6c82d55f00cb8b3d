// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/backend/cpu/pool.hpp>
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct MaxPool2dOptions {
  Pair stride = 0;  ///< 0: the kernel's size
  Pair padding = 0;
  Pair dilation = 1;
  bool ceil_mode = false;
};

/// The sizes of a pooling of x [..., H, W], checked.
inline backend::Pool2dShape pool2d_shape(const char* op, const Shape& x, Pair kernel, Pair stride, Pair padding, Pair dilation,
                                         bool ceil_mode) {
  check<ShapeError>(x.rank() == 3 || x.rank() == 4, "{}: input has shape {}; [N, C, H, W] or [C, H, W] is needed", op, x.str());
  if (stride.h == 0 && stride.w == 0) stride = kernel;
  check<Error>(kernel.h > 0 && kernel.w > 0 && stride.h > 0 && stride.w > 0 && dilation.h > 0 && dilation.w > 0,
               "{}: kernel ({}, {}), stride ({}, {}) and dilation ({}, {}) must be positive", op, kernel.h, kernel.w, stride.h, stride.w,
               dilation.h, dilation.w);
  check<Error>(padding.h >= 0 && padding.w >= 0 && 2 * padding.h <= kernel.h && 2 * padding.w <= kernel.w,
               "{}: padding ({}, {}) must be at most half of the kernel ({}, {})", op, padding.h, padding.w, kernel.h, kernel.w);
  backend::Pool2dShape s;
  const int r = x.rank();
  s.planes = r == 4 ? x[0] * x[1] : x[0];
  s.in_h = x[r - 2], s.in_w = x[r - 1];
  s.kernel_h = kernel.h, s.kernel_w = kernel.w, s.stride_h = stride.h, s.stride_w = stride.w;
  s.pad_h = padding.h, s.pad_w = padding.w, s.dilation_h = dilation.h, s.dilation_w = dilation.w;
  s.out_h = s.out_size(s.in_h, kernel.h, stride.h, padding.h, dilation.h, ceil_mode);
  s.out_w = s.out_size(s.in_w, kernel.w, stride.w, padding.w, dilation.w, ceil_mode);
  check<ShapeError>(s.out_h > 0 && s.out_w > 0, "{}: the kernel ({}, {}) is larger than the padded input {}", op, kernel.h, kernel.w,
                    x.str());
  return s;
}
inline Shape pooled_sizes(const Shape& x, const backend::Pool2dShape& s) {
  Shape sizes = x;
  sizes[x.rank() - 2] = s.out_h;
  sizes[x.rank() - 1] = s.out_w;
  return sizes;
}

/// Values of a max pooling and where in its plane each was found.
template <class T, class D>
struct MaxPool2dResult {
  Tensor<T, D> values;
  Tensor<std::int64_t, D> indices;
};

template <class I, class T, class D>
Tensor<T, D> max_pool2d_recorded(Site site, const Tensor<T, D>& x_, const backend::Pool2dShape& s, Tensor<I, D>& indices) {
  const Tensor<T, D> x = contiguous(x_);
  const Shape sizes = pooled_sizes(x.sizes(), s);
  Tensor<T, D> y = empty<T, D>(sizes);
  indices = empty<I, D>(sizes);
  backend::count_kernel();
  max_pool2d_forward(D{}, s, x.data(), y.data(), indices.data());
  if (!autograd::needed(x)) return y;
  return autograd::record("max_pool2d", site, std::move(y), autograd::inputs(x),
                          [s, indices, own = x.sizes()](const autograd::Pass& pass, const Tensor<T, D>& g) -> Tensor<T, D> {
                            if (pass.create_graph()) {
                              Tensor<T, D> zeros = empty<T, D>({s.planes, s.in_plane()});
                              fill_elements(zeros, T{});
                              const Tensor<std::int64_t, D> at = view(Tensor<std::int64_t, D>(indices), {s.planes, s.out_plane()});
                              return view(scatter_add(zeros, 1, at, reshape(g, Shape{s.planes, s.out_plane()})), own);
                            }
                            const Tensor<T, D> dense = contiguous(g);
                            Tensor<T, D> dx = empty<T, D>(own);
                            backend::count_kernel();
                            max_pool2d_backward(D{}, s, dense.data(), indices.data(), dx.data());
                            return dx;
                          });
}

/// The largest element of each window; NaN wins.
///   x [N, C, H, W] or [C, H, W] -> [..., H', W'], H' = (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1
/// Throws ShapeError if no window fits.
template <tensor_like X>
tensor_of<X> max_pool2d(const X& x_, Pair kernel, const MaxPool2dOptions& o = {}, Site site = Site::current()) {
  const auto& x = eval(x_);
  Tensor<std::int32_t, device_t<X>> indices;
  return max_pool2d_recorded(site, x, pool2d_shape("max_pool2d", x.sizes(), kernel, o.stride, o.padding, o.dilation, o.ceil_mode), indices);
}

/// max_pool2d that also tells where each maximum stands, as an index into its plane of H * W.
template <tensor_like X>
MaxPool2dResult<value_t<X>, device_t<X>> max_pool2d_with_indices(const X& x_, Pair kernel, const MaxPool2dOptions& o = {},
                                                                 Site site = Site::current()) {
  const auto& x = eval(x_);
  MaxPool2dResult<value_t<X>, device_t<X>> result;
  result.values = max_pool2d_recorded(site, x, pool2d_shape("max_pool2d", x.sizes(), kernel, o.stride, o.padding, o.dilation, o.ceil_mode),
                                      result.indices);
  return result;
}

}  // namespace torchlite::inline TORCHLITE_ABI
