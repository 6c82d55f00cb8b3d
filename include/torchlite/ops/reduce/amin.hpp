// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/extremes.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The smallest elements over all dimensions, or over the given ones; NaN where there is one. Equal ones share the gradient.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
/// Throws IndexError if there is no element to choose from.
template <tensor_like X>
auto amin(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return ops::extreme_values<backend::MinReducer>("amin", ops::source(std::forward<X>(x), site), dims, keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
