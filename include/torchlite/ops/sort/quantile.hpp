// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/pointwise/ceil.hpp>
#include <torchlite/ops/pointwise/floor.hpp>
#include <torchlite/ops/pointwise/isnan.hpp>
#include <torchlite/ops/pointwise/lerp.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/round.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/all.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI {

/// What a quantile between two elements is.
enum class Interpolation {
  linear,    ///< on the line between them
  lower,     ///< the smaller one
  higher,    ///< the larger one
  midpoint,  ///< their mean
  nearest    ///< the nearer one, the even one of equally near ones
};

struct QuantileOptions {
  std::optional<std::int64_t> dim;  ///< none: over all elements
  bool keepdim = false;
  Interpolation interpolation = Interpolation::linear;
};

namespace ops {

template <bool IgnoreNan, class T, class D>
Tensor<T, D> quantile(const char* op, const Tensor<T, D>& x, const Tensor<T, D>& q, const QuantileOptions& o, Site site) {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "quantile needs float or double; cast first: x.to<float>()");
  check<ShapeError>(q.dim() <= 1, "{}: q has shape {}; it must be one number or a vector", op, q.sizes().str());
  check<ShapeError>(x.numel() > 0, "{}: a tensor of shape {} has no elements to choose from", op, x.sizes().str());
  check<Error>(all(logical_and(ge(q.detach(), 0), le(q.detach(), 1))).item(), "{}: a value of q is not in [0, 1]", op);
  const int axis = o.dim ? normalize_axis(op, *o.dim, x.dim()) : 0;
  const ReducedShape r(op, x.sizes(), o.dim ? Axes(axis) : Axes(), o.keepdim);

  // Rows of sorted elements, NaN last; then for each row and each q where between two elements the quantile lies.
  const Tensor<T, D> rows = o.dim && x.dim() > 0 ? transpose(x, axis, -1, site) : reshape(x, {x.numel()}, site);
  const Tensor<T, D> sorted = sort(rows, -1, false, site).values;
  const std::int64_t n = sorted.sizes().back();
  const Tensor<T, D> wanted = q.dim() == 0 ? reshape(q, {1}, site) : q;
  Tensor<T, D> last;  // the rank of the largest number
  {
    const NoGradGuard no_grad;
    const Tensor<std::int64_t, D> nans = sum(isnan(sorted), -1, true);
    if constexpr (IgnoreNan) last = to<T>(maximum((n - 1) - nans, 0));
    else last = full<T, D>(nans.sizes(), n - 1);
  }
  Tensor<T, D> ranks = wanted * last;
  if constexpr (!IgnoreNan) ranks = where(isnan(narrow(sorted, -1, n - 1, 1)), static_cast<double>(n - 1), ranks);
  if (o.interpolation == Interpolation::lower) ranks = floor(ranks.detach());
  if (o.interpolation == Interpolation::higher) ranks = ceil(ranks.detach());
  if (o.interpolation == Interpolation::nearest) ranks = round(ranks.detach());
  const Tensor<T, D> below = floor(ranks.detach());
  const auto at = [&](const Tensor<T, D>& rank) { return gather(sorted, -1, Tensor<std::int64_t, D>(to<std::int64_t>(rank)), site); };
  Tensor<T, D> out = at(below);
  if (o.interpolation == Interpolation::linear) out = lerp(out, at(ceil(ranks.detach())), ranks - below);
  if (o.interpolation == Interpolation::midpoint) out = lerp(out, at(ceil(ranks.detach())), 0.5);

  // The dimension of q comes first, then what is left of x's.
  if (o.dim && x.dim() > 0) out = transpose(unsqueeze(movedim(out, -1, 0, site), -1, site), axis + 1, -1, site);
  Shape sizes = r.out;
  if (q.dim() == 1) sizes.insert(0, q.numel());
  return reshape(out, sizes, site);
}

}  // namespace ops

/// The values below which a fraction q of the elements lies, over all elements or along one dimension.
///   x [..., n, ...], q a number or a vector [k] -> [..., ...] or [k, ..., ...], 1 in the dimension's place with keepdim
/// NaN where there is one. Throws ShapeError if there is no element, Error if q is not in [0, 1].
template <tensor_like X, tensor_like Q>
tensor_of<X> quantile(const X& x, const Q& q, const QuantileOptions& options = {}, Site site = Site::current()) {
  const tensor_of<X>& wanted = eval(q, site);
  return ops::quantile<false>("quantile", eval(x, site), wanted, options, site);
}
template <tensor_like X>
tensor_of<X> quantile(const X& x, double q, const QuantileOptions& options = {}, Site site = Site::current()) {
  return quantile(x, full<value_t<X>, device_t<X>>({}, q), options, site);
}

/// quantile of the elements that are not NaN; NaN where there is none.
///   x [..., n, ...], q a number or a vector [k] -> [..., ...] or [k, ..., ...], 1 in the dimension's place with keepdim
/// Throws ShapeError if there is no element, Error if q is not in [0, 1].
template <tensor_like X, tensor_like Q>
tensor_of<X> nanquantile(const X& x, const Q& q, const QuantileOptions& options = {}, Site site = Site::current()) {
  const tensor_of<X>& wanted = eval(q, site);
  return ops::quantile<true>("nanquantile", eval(x, site), wanted, options, site);
}
template <tensor_like X>
tensor_of<X> nanquantile(const X& x, double q, const QuantileOptions& options = {}, Site site = Site::current()) {
  return nanquantile(x, full<value_t<X>, device_t<X>>({}, q), options, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
