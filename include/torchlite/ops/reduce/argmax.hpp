// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/extremes.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Where the largest element stands along a dimension, or, without one, in the flattened tensor; the first of equals.
///   x [..., n, ...] -> [..., ...] (1 in the dimension's place with keepdim), int64
/// Throws IndexError if there is no element to choose from.
template <tensor_like X>
auto argmax(X&& x, const Axes& dim = {}, bool keepdim = false, Site site = Site::current()) {
  return ops::extreme_index<backend::ArgMaxReducer>("argmax", ops::source(std::forward<X>(x), site), dim, keepdim);
}

}  // namespace torchlite::inline TORCHLITE_ABI
