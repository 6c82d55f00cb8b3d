// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's torch.masked.sum and its like. In all of them the mask is true where an element counts, broadcasts to x, and, left out, lets all
// elements count.
#pragma once
#include <torchlite/ops/masked/masked.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/amin.hpp>
#include <torchlite/ops/reduce/argmax.hpp>
#include <torchlite/ops/reduce/argmin.hpp>
#include <torchlite/ops/reduce/logsumexp.hpp>
#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/reduce/prod.hpp>
#include <torchlite/ops/reduce/std.hpp>
#include <torchlite/ops/sort/median.hpp>

namespace torchlite::inline TORCHLITE_ABI::masked {

/// The sum of the elements that count, over all dimensions or over the given ones; 0 where none does.
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim); int64 for integers and bool
template <tensor_like X>
auto sum(const X& x, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  return torchlite::sum(counting("masked.sum", eval(x, site), mask, value_t<X>(0)), dims, keepdim, site);
}

/// The product of the elements that count, over all dimensions or over the given ones; 1 where none does.
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim); int64 for integers and bool
template <tensor_like X>
auto prod(const X& x, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  return torchlite::prod(counting("masked.prod", eval(x, site), mask, value_t<X>(1)), dims, keepdim, site);
}

/// The largest element that counts, over all dimensions or over the given ones; -inf (or the smallest integer) where none does.
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
tensor_of<X> amax(const X& x, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  return torchlite::amax(counting("masked.amax", eval(x, site), mask, lowest_value<value_t<X>>()), dims, keepdim, site);
}

/// The smallest element that counts, over all dimensions or over the given ones; inf (or the largest integer) where none does.
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
tensor_of<X> amin(const X& x, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  return torchlite::amin(counting("masked.amin", eval(x, site), mask, highest_value<value_t<X>>()), dims, keepdim, site);
}

/// Where the largest element that counts stands along a dimension, or, without one, in the flattened tensor; the first of equals.
///   x [..., n, ...], mask [...] -> [..., ...] (1 in the dimension's place with keepdim), int64
template <tensor_like X>
auto argmax(const X& x, const Axes& dim = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  return torchlite::argmax(counting("masked.argmax", eval(x, site), mask, lowest_value<value_t<X>>()), dim, keepdim, site);
}

/// Where the smallest element that counts stands along a dimension, or, without one, in the flattened tensor; the first of equals.
///   x [..., n, ...], mask [...] -> [..., ...] (1 in the dimension's place with keepdim), int64
template <tensor_like X>
auto argmin(const X& x, const Axes& dim = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  return torchlite::argmin(counting("masked.argmin", eval(x, site), mask, highest_value<value_t<X>>()), dim, keepdim, site);
}

/// How many elements count, with the sizes that a reduction leaves.
template <class D>
Tensor<std::int64_t, D> count(const char* op, const Shape& sizes, const Axes& dims, const Tensor<bool, D>& mask, bool keepdim) {
  if (mask.defined()) return torchlite::sum(spread_mask(op, mask, sizes), dims, keepdim);
  const ops::ReducedShape r(op, sizes, dims, keepdim);
  return full<std::int64_t, D>(r.out, r.count);
}

/// The mean of the elements that count, over all dimensions or over the given ones; NaN where none does.
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
tensor_of<X> mean(const X& x_, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "masked::mean needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  return masked::sum(x, dims, mask, keepdim, site) / count("masked.mean", x.sizes(), dims, mask, keepdim);
}

/// The lower middle one of the elements that count along a dimension; NaN where none does.
///   x [..., n, ...], mask [...] -> [..., ...] (1 in the dimension's place with keepdim)
template <tensor_like X>
tensor_of<X> median(const X& x, std::int64_t dim = -1, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "masked::median needs a floating dtype; cast first: x.to<float>()");
  const auto nan = static_cast<value_t<X>>(std::numeric_limits<float>::quiet_NaN());
  return nanmedian(counting("masked.median", eval(x, site), mask, nan), dim, keepdim, site).values;
}

/// log(sum(e^x)) of the elements that count, over all dimensions or over the given ones; -inf where none does.
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
tensor_of<X> logsumexp(const X& x, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "masked::logsumexp needs a floating dtype; cast first: x.to<float>()");
  return torchlite::logsumexp(counting("masked.logsumexp", eval(x, site), mask, lowest_value<value_t<X>>()), dims, keepdim, site);
}

/// (sum |x|^p)^(1/p) of the elements that count, over all dimensions or over the given ones.
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
tensor_of<X> norm(const X& x, double p = 2, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false,
                  Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "masked::norm needs a floating dtype; cast first: x.to<float>()");
  using T = value_t<X>;
  const T rest = p == -std::numeric_limits<double>::infinity() ? highest_value<T>() : T(0);
  return torchlite::norm(counting("masked.norm", eval(x, site), mask, rest), p, dims, keepdim, site);
}

/// The variance of the elements that count, over all dimensions or over the given ones: sum (x - mean)^2 / (n - correction).
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
tensor_of<X> var(const X& x_, const Axes& dims, const mask_of<X>& mask, const VarianceOptions& options, Site site = Site::current()) {
  using Y = tensor_of<X>;
  static_assert(floating<value_t<X>>, "masked::var needs a floating dtype; cast first: x.to<float>()");
  const Y& x = eval(x_, site);
  const Y centred = x - masked::mean(x, dims, mask, true, site);
  const Y total = masked::sum(Y(square(centred)), dims, mask, options.keepdim, site);
  const Y freedom = to<value_t<X>>(count("masked.var", x.sizes(), dims, mask, options.keepdim));
  return total / maximum(freedom - options.correction, 0);
}
template <tensor_like X>
tensor_of<X> var(const X& x, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  return masked::var(x, dims, mask, VarianceOptions{.correction = 1, .keepdim = keepdim}, site);
}

/// The standard deviation of the elements that count, over all dimensions or over the given ones: the square root of var.
///   x [...], mask [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
tensor_of<X> std(const X& x, const Axes& dims, const mask_of<X>& mask, const VarianceOptions& options, Site site = Site::current()) {
  return sqrt(masked::var(x, dims, mask, options, site));
}
template <tensor_like X>
tensor_of<X> std(const X& x, const Axes& dims = {}, const mask_of<X>& mask = {}, bool keepdim = false, Site site = Site::current()) {
  return masked::std(x, dims, mask, VarianceOptions{.correction = 1, .keepdim = keepdim}, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI::masked
