// SPDX-License-Identifier: BSD-3-Clause
// Functions of torch.masked that keep the shape. The mask is true where an element counts, broadcasts to x, and, left out, lets all elements count.
#pragma once
#include <torchlite/ops/masked/reductions.hpp>
#include <torchlite/ops/pointwise/logaddexp.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>
#include <torchlite/ops/softmax/softmin.hpp>

namespace torchlite::inline TORCHLITE_ABI::masked {

/// Running sums along a dimension, to which elements that do not count add nothing.
///   x [...], mask [...] -> [...]; int64 for integers and bool
template <tensor_like X>
auto cumsum(const X& x, std::int64_t dim, const mask_of<X>& mask = {}, Site site = Site::current()) {
  return torchlite::cumsum(counting("masked.cumsum", eval(x, site), mask, value_t<X>(0)), dim, site);
}

/// Running products along a dimension, which elements that do not count leave as they are.
///   x [...], mask [...] -> [...]; int64 for integers and bool
template <tensor_like X>
auto cumprod(const X& x, std::int64_t dim, const mask_of<X>& mask = {}, Site site = Site::current()) {
  return torchlite::cumprod(counting("masked.cumprod", eval(x, site), mask, value_t<X>(1)), dim, site);
}

/// softmax of the elements that count along a dimension; 0 for the others, NaN where none counts.
///   x [...], mask [...] -> [...]
template <tensor_like X>
tensor_of<X> softmax(const X& x, std::int64_t dim, const mask_of<X>& mask = {}, Site site = Site::current()) {
  return torchlite::softmax(counting("masked.softmax", eval(x, site), mask, lowest_value<value_t<X>>()), dim, site);
}

/// log_softmax of the elements that count along a dimension; -inf for the others, NaN where none counts.
///   x [...], mask [...] -> [...]
template <tensor_like X>
tensor_of<X> log_softmax(const X& x, std::int64_t dim, const mask_of<X>& mask = {}, Site site = Site::current()) {
  return torchlite::log_softmax(counting("masked.log_softmax", eval(x, site), mask, lowest_value<value_t<X>>()), dim, site);
}

/// softmin of the elements that count along a dimension; 0 for the others, NaN where none counts.
///   x [...], mask [...] -> [...]
template <tensor_like X>
tensor_of<X> softmin(const X& x, std::int64_t dim, const mask_of<X>& mask = {}, Site site = Site::current()) {
  return torchlite::softmin(counting("masked.softmin", eval(x, site), mask, highest_value<value_t<X>>()), dim, site);
}

/// x divided by the norm, at least eps, of the elements that count along the dimensions; 0 in the place of the others.
///   x [...], mask [...] -> [...]
template <tensor_like X>
tensor_of<X> normalize(const X& x_, double p, const Axes& dims, double eps = 1e-12, const mask_of<X>& mask = {},
                       Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X> size = maximum(masked::norm(x, p, dims, mask, true, site), eps);
  return counting("masked.normalize", x, mask, value_t<X>(0)) / size;
}

/// log(e^a + e^b), elementwise, of the elements that count; -inf where neither does.
///   a [...], b [...], a mask for each -> [...], broadcast
template <tensor_like A, tensor_like B>
auto logaddexp(const A& a, const B& b, const mask_of<A>& a_mask = {}, const mask_of<B>& b_mask = {}, Site site = Site::current()) {
  static_assert(floating<value_t<A>> && floating<value_t<B>>, "masked::logaddexp needs floating dtypes; cast first: a.to<float>()");
  return torchlite::logaddexp(counting("masked.logaddexp", eval(a, site), a_mask, lowest_value<value_t<A>>()),
                              counting("masked.logaddexp", eval(b, site), b_mask, lowest_value<value_t<B>>()))
      .eval(site);
}

}  // namespace torchlite::inline TORCHLITE_ABI::masked
