// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/reduce/norm.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

/// x / max(|x|_p, eps), the p-norm being that along a dimension.
///   x [...] -> [...]
template <tensor_like X>
tensor_of<X> normalize(const X& x_, double p = 2, std::int64_t dim = 1, double eps = 1e-12, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "normalize needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  const int axis = normalize_axis("normalize", dim, x.dim());
  const tensor_of<X> length = norm(x, p, x.dim() == 0 ? Axes() : Axes(axis), true, site);
  return x / clamp(length, eps, std::numeric_limits<double>::infinity());
}

namespace nn::functional {
using torchlite::normalize;
}

}  // namespace torchlite::inline TORCHLITE_ABI
