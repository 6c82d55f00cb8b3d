// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/extremes.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The smallest element; NaN if there is one. Equal ones share the gradient.
///   x [...] -> []
template <tensor_like X>
auto min(X&& x, Site site = Site::current()) {
  return ops::extreme_values<backend::MinReducer>("min", ops::source(std::forward<X>(x), site), {}, false, site);
}

/// The smallest elements along a dimension and where they stand, the first of equals: auto [values, indices] = min(x, 1).
///   x [..., n, ...] -> values, indices (int64) [..., ...], 1 in the dimension's place with keepdim
/// The gradient goes to the element at the index. Throws IndexError if the dimension has no elements.
template <tensor_like X>
auto min(X&& x, std::int64_t dim, bool keepdim = false, Site site = Site::current()) {
  return ops::extremes<backend::ArgMinReducer>("min", ops::source(std::forward<X>(x), site), dim, keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
