// SPDX-License-Identifier: BSD-3-Clause
// Sums and means of the elements that are not NaN.
#pragma once
#include <torchlite/ops/pointwise/isnan.hpp>
#include <torchlite/ops/pointwise/logical_not.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/sum.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The sum of the elements that are not NaN, over all dimensions or over the given ones.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim); int64 for integers and bool
template <tensor_like X>
auto nansum(const X& x_, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if constexpr (floating<value_t<X>>) return sum(where(isnan(x), 0, x), dims, keepdim, site);
  else return sum(x, dims, keepdim, site);
}

/// The mean of the elements that are not NaN, over all dimensions or over the given ones; NaN where there is none.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
tensor_of<X> nanmean(const X& x_, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "nanmean needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  const Tensor<std::int64_t, device_t<X>> count = sum(logical_not(isnan(x)), dims, keepdim, site);
  return nansum(x, dims, keepdim, site) / count;
}

}  // namespace torchlite::inline TORCHLITE_ABI
