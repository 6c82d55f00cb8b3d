// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The sum over all dimensions, or over the given ones.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim); int64 for integers and bool
/// A temporary expression is summed as it is computed: sum(square(a - b)) is one pass. Carried in double.
template <tensor_like X>
auto sum(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  const auto& s = ops::source(std::forward<X>(x), site);
  const ops::Reads in("sum", s);
  return ops::sum_of("sum", s, in, ops::ReducedShape("sum", in.sizes, dims, keepdim), 1, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
