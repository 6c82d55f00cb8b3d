// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/axes.hpp>
#include <torchlite/tensor/tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// The index of every element among those it is reduced with, as a small tensor that broadcasts to the reduction's input.
template <class D>
Tensor<std::int64_t, D> element_index(const ReducedShape& r) {
  Shape sizes;
  for (int d = 0; d < r.sizes.rank(); ++d) sizes.push_back(r.reduced[d] ? r.sizes[d] : 1);
  std::vector<std::int64_t> index(static_cast<std::size_t>(r.count));
  for (std::size_t i = 0; i < index.size(); ++i) index[i] = static_cast<std::int64_t>(i);
  return Tensor<std::int64_t, D>::from(index, sizes);
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
