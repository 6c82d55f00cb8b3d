// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/pointwise.hpp>
#include <torchlite/backend/reducer.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// out[kept] = reduction over the reduced dimensions of F(leaves), which is never stored.
struct ReduceArguments {
  const Shape* sizes = nullptr;        ///< of F(leaves)
  const Shape* out_strides = nullptr;  ///< for each dimension of sizes: the stride in out, 0 where it is reduced
  const Shape* index_strides = nullptr;  ///< what one step along a dimension adds to an element's index (for argmax)
  std::int64_t out_numel = 0;
  void* out = nullptr;
  const StridedMemory* leaves = nullptr;
  int leaf_count = 0;
  const Scalar* scalars = nullptr;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
