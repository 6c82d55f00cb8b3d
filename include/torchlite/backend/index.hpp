// SPDX-License-Identifier: BSD-3-Clause
// The arguments of the kernels that find elements by index tensors, the same for every device. gather, index_select, embedding
// and NumPy's advanced indexing are one loop that differs only in strides.
#pragma once
#include <torchlite/backend/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// One loop over `values`: its element at a position belongs to the element of `data` that lies
/// sum_d position[d] * data.strides[d] + sum_k index_k[position] * index_strides[k] behind the first.
/// All operands have the sizes of the loop; indices are int64, and negative ones count from the end.
struct IndexArguments {
  StridedMemory values;
  StridedMemory data;
  const StridedMemory* indices = nullptr;
  int index_count = 0;
  const std::int64_t* index_sizes = nullptr;    ///< of the dimension of data that each index walks along
  const std::int64_t* index_strides = nullptr;  ///< of that dimension
};

/// Whether all numbers were in a range, and the first that was not.
struct RangeCheck {
  bool ok = true;
  std::int64_t offender = 0;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
