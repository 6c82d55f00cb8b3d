// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The mean over all dimensions, or over the given ones; NaN where there is no element.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
auto mean(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  static_assert(differentiable<value_t<X>>, "mean needs a floating dtype; cast first: x.to<float>()");
  const auto& s = ops::source(std::forward<X>(x), site);
  const ops::Reads in("mean", s);
  const ops::ReducedShape r("mean", in.sizes, dims, keepdim);
  return ops::sum_of("mean", s, in, r, static_cast<double>(r.count), site);
}
/// The same of x as dtype To, which may be an integer tensor then: mean<float>(x).
template <dtype To, tensor_like X>
auto mean(const X& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return mean(make_expression<Cast<To>>(eval(x, site)), dims, keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
