// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/norm.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x with each of its slices along a dimension shrunk so that its norm is at most maxnorm; smaller slices stay as they are.
///   x [...], of at least two dimensions -> [...]
/// Throws ShapeError if x has fewer dimensions, Error unless p and maxnorm are positive (maxnorm may be 0).
template <tensor_like X>
tensor_of<X> renorm(const X& x_, double p, std::int64_t dim, double maxnorm, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "renorm needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  check<Error>(p > 0, "renorm: p is {}; the norm's power must be positive", p);
  check<Error>(maxnorm >= 0, "renorm: maxnorm is {}; it must not be negative", maxnorm);
  check<ShapeError>(x.dim() > 1, "renorm: a tensor of shape {} has no slices of more than one element; it needs at least two dimensions",
                    x.sizes().str());
  const int axis = normalize_axis("renorm", dim, x.dim());
  Shape others;
  for (int d = 0; d < x.dim(); ++d)
    if (d != axis) others.push_back(d);
  const tensor_of<X> size = norm(x, p, others, true, site);
  const tensor_of<X> factor = where(gt(size, maxnorm), maxnorm / (size + 1e-7), 1);
  return x * factor;
}

}  // namespace torchlite::inline TORCHLITE_ABI
