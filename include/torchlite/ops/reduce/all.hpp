// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// True if no element is 0, over all dimensions or over the given ones; true where there is no element.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim), bool
template <tensor_like X>
auto all(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return ops::reduce_plain<backend::AllReducer, bool>("all", ops::source(std::forward<X>(x), site), dims, keepdim, false);
}

}  // namespace torchlite::inline TORCHLITE_ABI
