// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/sub.hpp>
#include <torchlite/ops/shape/cat.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI {

/// Differences of neighbours along a dimension, n times over: y_i = x_(i+1) - x_i; for bool whether they differ.
///   x [..., m, ...] -> [..., max(m - n, 0), ...]
/// prepend and append: what x is put between before, undefined for nothing. Throws Error if n is negative, ShapeError if x has no dimension.
template <tensor_like X>
tensor_of<X> diff(const X& x_, std::int64_t n = 1, std::int64_t dim = -1, const tensor_of<X>& prepend = {}, const tensor_of<X>& append = {},
                  Site site = Site::current()) {
  using Y = tensor_of<X>;
  Y x = eval(x_, site);
  check<Error>(n >= 0, "diff: differences are taken {} times; that must not be negative", n);
  check<ShapeError>(x.dim() > 0, "diff: a tensor without dimensions has no neighbours; it needs at least one dimension");
  const int axis = normalize_axis("diff", dim, x.dim());
  if (n == 0) return x;
  if (prepend.defined() || append.defined()) {
    std::vector<Y> parts;
    for (const Y& part : {prepend, x, append})
      if (part.defined()) {
        check<ShapeError>(part.dim() == x.dim(),
                          "diff: a tensor of shape {} cannot stand beside one of shape {}; both need the same number "
                          "of dimensions",
                          part.sizes().str(), x.sizes().str());
        parts.push_back(part);
      }
    x = cat(parts, axis, site);
  }
  for (std::int64_t i = 0; i < n && x.sizes()[axis] > 0; ++i) {
    const std::int64_t rest = x.sizes()[axis] - 1;
    const Y upper = narrow(x, axis, 1, rest, site), lower = narrow(x, axis, 0, rest, site);
    if constexpr (std::is_same_v<value_t<X>, bool>) x = ne(upper, lower);
    else x = sub(upper, lower).eval(site);
  }
  return x;
}

}  // namespace torchlite::inline TORCHLITE_ABI
