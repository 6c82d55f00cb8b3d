// SPDX-License-Identifier: BSD-3-Clause
// Integrals by the trapezoidal rule.
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/scan/diff.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// The sums of neighbours along axis: one fewer, or none of none.
template <class T, class D>
Tensor<T, D> neighbour_sums(const Tensor<T, D>& y, int axis, Site site) {
  const std::int64_t n = y.sizes()[axis] > 0 ? y.sizes()[axis] - 1 : 0;
  return narrow(y, axis, y.sizes()[axis] - n, n, site) + narrow(y, axis, 0, n, site);
}

/// The areas between neighbours whose places are x: a vector along axis, or a tensor that broadcasts to y.
template <class T, class D>
Tensor<T, D> trapezoids(const char* op, const Tensor<T, D>& y, const Tensor<T, D>& x, int axis, Site site) {
  Tensor<T, D> width;
  if (x.dim() == 1 && y.dim() != 1) {
    check<ShapeError>(x.sizes()[0] == y.sizes()[axis],
                      "{}: places of shape {} for dimension {} of a tensor of shape {}; both must have as many "
                      "elements",
                      op, x.sizes().str(), axis, y.sizes().str());
    Shape sizes = Shape::filled(y.dim(), 1);
    width = diff(x, 1, 0, {}, {}, site);
    sizes[axis] = width.numel();
    width = reshape(width, sizes, site);
  } else {
    check<ShapeError>(x.dim() > 0, "{}: the places have no dimension; they must be a vector or have the dimensions of y", op);
    Shape sizes = x.sizes();
    while (sizes.rank() < y.dim()) sizes.insert(0, 1);
    width = diff(reshape(x, sizes, site), 1, axis - y.dim(), {}, {}, site);
  }
  return neighbour_sums(y, axis, site) * width * 0.5;
}

inline int integrated_axis(const char* op, const Shape& y, std::int64_t dim) {
  check<IndexError>(y.rank() > 0, "{}: a tensor without dimensions has nothing to integrate along", op);
  return normalize_axis(op, dim, y.rank());
}

}  // namespace ops

/// The integral along a dimension by the trapezoidal rule, neighbours being dx apart.
///   y [..., n, ...] -> [..., ...]; 0 for n < 2
template <tensor_like Y>
tensor_of<Y> trapezoid(const Y& y_, double dx = 1, std::int64_t dim = -1, Site site = Site::current()) {
  static_assert(differentiable<value_t<Y>>, "trapezoid needs a floating dtype; cast first: y.to<float>()");
  const auto& y = eval(y_, site);
  const int axis = ops::integrated_axis("trapezoid", y.sizes(), dim);
  return sum(ops::neighbour_sums(y, axis, site), axis, false, site) * (0.5 * dx);
}
/// The same for values at places x: a vector along the dimension, or a tensor that broadcasts to y.
///   y [..., n, ...], x [n] or [..., n, ...] -> [..., ...]
template <tensor_like Y, tensor_like X>
tensor_of<Y> trapezoid(const Y& y_, const X& x, std::int64_t dim = -1, Site site = Site::current()) {
  static_assert(differentiable<value_t<Y>>, "trapezoid needs a floating dtype; cast first: y.to<float>()");
  const auto& y = eval(y_, site);
  const tensor_of<Y>& places = eval(x, site);
  const int axis = ops::integrated_axis("trapezoid", y.sizes(), dim);
  return sum(ops::trapezoids("trapezoid", y, places, axis, site), axis - y.dim(), false, site);
}

/// trapezoid, under NumPy's name.
template <tensor_like Y>
tensor_of<Y> trapz(const Y& y, double dx = 1, std::int64_t dim = -1, Site site = Site::current()) {
  return trapezoid(y, dx, dim, site);
}
template <tensor_like Y, tensor_like X>
tensor_of<Y> trapz(const Y& y, const X& x, std::int64_t dim = -1, Site site = Site::current()) {
  return trapezoid(y, x, dim, site);
}

/// The running integral along a dimension by the trapezoidal rule, neighbours being dx apart.
///   y [..., n, ...] -> [..., n - 1, ...]
template <tensor_like Y>
tensor_of<Y> cumulative_trapezoid(const Y& y_, double dx = 1, std::int64_t dim = -1, Site site = Site::current()) {
  static_assert(differentiable<value_t<Y>>, "cumulative_trapezoid needs a floating dtype; cast first: y.to<float>()");
  const auto& y = eval(y_, site);
  const int axis = ops::integrated_axis("cumulative_trapezoid", y.sizes(), dim);
  return cumsum(ops::neighbour_sums(y, axis, site), axis, site) * (0.5 * dx);
}
/// The same for values at places x: a vector along the dimension, or a tensor that broadcasts to y.
///   y [..., n, ...], x [n] or [..., n, ...] -> [..., n - 1, ...]
template <tensor_like Y, tensor_like X>
tensor_of<Y> cumulative_trapezoid(const Y& y_, const X& x, std::int64_t dim = -1, Site site = Site::current()) {
  static_assert(differentiable<value_t<Y>>, "cumulative_trapezoid needs a floating dtype; cast first: y.to<float>()");
  const auto& y = eval(y_, site);
  const tensor_of<Y>& places = eval(x, site);
  const int axis = ops::integrated_axis("cumulative_trapezoid", y.sizes(), dim);
  return cumsum(ops::trapezoids("cumulative_trapezoid", y, places, axis, site), axis - y.dim(), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
