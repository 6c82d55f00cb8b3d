// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// How many elements are not 0, over all dimensions or over the given ones.
///   x [...] -> [] or x's sizes without the dimensions, int64
template <tensor_like X>
auto count_nonzero(const X& x, const Axes& dims = {}, Site site = Site::current()) {
  return ops::reduce_plain<backend::SumReducer, std::int64_t>("count_nonzero", ops::source(ne(eval(x, site), 0), site), dims, false, false);
}

}  // namespace torchlite::inline TORCHLITE_ABI
