// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// True if any element is not 0, over all dimensions or over the given ones; false where there is no element.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim), bool
template <tensor_like X>
auto any(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return ops::reduce_plain<backend::AnyReducer, bool>("any", ops::source(std::forward<X>(x), site), dims, keepdim, false);
}

}  // namespace torchlite::inline TORCHLITE_ABI
