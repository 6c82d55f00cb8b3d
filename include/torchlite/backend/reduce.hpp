// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/pointwise.hpp>
#include <torchlite/backend/reducer.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// The type in which a reduction takes the values of F; bool goes as a byte.
template <class F>
using reduced_value_t = loaded_t<formula_value_t<F>>;

/// out[kept] = reduction over the reduced dimensions of F(leaves), which is never stored.
struct ReduceArguments {
  const Shape* sizes = nullptr;          ///< of F(leaves)
  const Shape* out_strides = nullptr;    ///< for each dimension of sizes: the stride in out, 0 where it is reduced
  const Shape* index_strides = nullptr;  ///< what one step along a dimension adds to an element's index (for argmax)
  std::int64_t out_numel = 0;
  void* out = nullptr;
  void* values = nullptr;  ///< of argmax and argmin: where the extreme values themselves go, as F's dtype; may be null
  double divisor = 1;      ///< of sums: what each is divided by on its way out (mean)
  const StridedMemory* leaves = nullptr;
  int leaf_count = 0;
  const Scalar* scalars = nullptr;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
