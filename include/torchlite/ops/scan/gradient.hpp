// SPDX-License-Identifier: BSD-3-Clause
// Numerical differentiation of sampled functions.
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/scan/diff.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI {

/// dim: the dimensions to differentiate along, none given means all. edge_order: 1 or 2, how exact the ends are.
struct GradientOptions {
  std::optional<Shape> dim = {};
  int edge_order = 1;
};

namespace ops {

inline Shape gradient_axes(const Shape& sizes, const GradientOptions& o, std::int64_t spacings) {
  check<Error>(o.edge_order == 1 || o.edge_order == 2, "gradient: edge_order is {}; it must be 1 or 2", o.edge_order);
  Shape axes;
  if (!o.dim)
    for (int d = 0; d < sizes.rank(); ++d) axes.push_back(d);
  else
    for (const std::int64_t d : *o.dim) {
      const int axis = normalize_axis("gradient", d, sizes.rank());
      for (const std::int64_t other : axes) check<Error>(axis != other, "gradient: dimension {} appears twice in {}", d, o.dim->str());
      axes.push_back(axis);
    }
  check<Error>(spacings < 0 || spacings == axes.rank(), "gradient: {} spacings for {} dimensions; each needs one", spacings, axes.rank());
  for (const std::int64_t axis : axes)
    check<ShapeError>(sizes.rank() > 0 && sizes[axis] > o.edge_order,
                      "gradient: size {} of dimension {} is too small; edge_order {} needs at least {}", sizes.rank() > 0 ? sizes[axis] : 1,
                      axis, o.edge_order, o.edge_order + 1);
  return axes;
}

/// The derivative along axis where neighbours are `h` apart.
template <class T, class D>
Tensor<T, D> even_gradient(const Tensor<T, D>& y, int axis, double h, int edge_order, Site site) {
  using Y = Tensor<T, D>;
  const std::int64_t n = y.sizes()[axis];
  const auto at = [&](std::int64_t first, std::int64_t length) { return narrow(y, axis, first, length, site); };
  const Y inner = (at(2, n - 2) - at(0, n - 2)) * (0.5 / h);
  Y left, right;
  if (edge_order == 1) {
    left = (at(1, 1) - at(0, 1)) * (1 / h);
    right = (at(n - 1, 1) - at(n - 2, 1)) * (1 / h);
  } else {
    left = (at(0, 1) * -1.5 + at(1, 1) * 2 - at(2, 1) * 0.5) * (1 / h);
    right = (at(n - 1, 1) * 1.5 - at(n - 2, 1) * 2 + at(n - 3, 1) * 0.5) * (1 / h);
  }
  return cat<T, D>({left, inner, right}, axis, site);
}

/// The derivative along axis at the places x: that of the parabola through each point and its neighbours.
template <class T, class D>
Tensor<T, D> uneven_gradient(const Tensor<T, D>& y, const Tensor<T, D>& x, int axis, int edge_order, Site site) {
  using Y = Tensor<T, D>;
  const std::int64_t n = y.sizes()[axis];
  check<ShapeError>(x.dim() == 1 && x.numel() == n,
                    "gradient: places of shape {} for dimension {} of a tensor of shape {}; they must be a vector "
                    "of that size",
                    x.sizes().str(), axis, y.sizes().str());
  Shape sizes = Shape::filled(y.dim(), 1);
  sizes[axis] = n - 1;
  const Y steps = reshape(diff(x, 1, 0, {}, {}, site), sizes, site);
  const auto step = [&](std::int64_t first, std::int64_t length) { return narrow(steps, axis, first, length, site); };
  const Y slopes = diff(y, 1, axis, {}, {}, site) / steps;
  const auto slope = [&](std::int64_t first, std::int64_t length) { return narrow(slopes, axis, first, length, site); };
  const Y before = step(0, n - 2), after = step(1, n - 2);
  const Y inner = (slope(0, n - 2) * after + slope(1, n - 2) * before) / (before + after);
  Y left = slope(0, 1), right = slope(n - 2, 1);
  if (edge_order == 2) {
    left = left + (left - slope(1, 1)) * step(0, 1) / (step(0, 1) + step(1, 1));
    right = right + (right - slope(n - 3, 1)) * step(n - 2, 1) / (step(n - 2, 1) + step(n - 3, 1));
  }
  return cat<T, D>({left, inner, right}, axis, site);
}

}  // namespace ops

/// The derivatives of sampled values along each dimension, by central differences inside and one-sided ones at the ends; neighbours are
/// `spacing` apart.
///   y [...] -> one [...] for each dimension
/// Throws ShapeError where a size is not larger than edge_order.
template <tensor_like Y>
std::vector<tensor_of<Y>> gradient(const Y& y_, double spacing = 1, const GradientOptions& options = {}, Site site = Site::current()) {
  static_assert(floating<value_t<Y>>, "gradient needs a floating dtype; cast first: y.to<float>()");
  const auto& y = eval(y_, site);
  std::vector<tensor_of<Y>> out;
  for (const std::int64_t axis : ops::gradient_axes(y.sizes(), options, -1))
    out.push_back(ops::even_gradient(y, static_cast<int>(axis), spacing, options.edge_order, site));
  return out;
}
/// The same with a spacing of its own for each dimension.
template <tensor_like Y>
std::vector<tensor_of<Y>> gradient(const Y& y_, const std::vector<double>& spacing, const GradientOptions& options = {},
                                   Site site = Site::current()) {
  static_assert(floating<value_t<Y>>, "gradient needs a floating dtype; cast first: y.to<float>()");
  const auto& y = eval(y_, site);
  std::vector<tensor_of<Y>> out;
  for (const std::int64_t axis : ops::gradient_axes(y.sizes(), options, static_cast<std::int64_t>(spacing.size())))
    out.push_back(ops::even_gradient(y, static_cast<int>(axis), spacing[out.size()], options.edge_order, site));
  return out;
}
/// The same for values at places along each dimension, given as vectors.
template <tensor_like Y>
std::vector<tensor_of<Y>> gradient(const Y& y_, const std::vector<tensor_of<Y>>& places, const GradientOptions& options = {},
                                   Site site = Site::current()) {
  static_assert(floating<value_t<Y>>, "gradient needs a floating dtype; cast first: y.to<float>()");
  const auto& y = eval(y_, site);
  std::vector<tensor_of<Y>> out;
  for (const std::int64_t axis : ops::gradient_axes(y.sizes(), options, static_cast<std::int64_t>(places.size())))
    out.push_back(ops::uneven_gradient(y, places[out.size()], static_cast<int>(axis), options.edge_order, site));
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI
