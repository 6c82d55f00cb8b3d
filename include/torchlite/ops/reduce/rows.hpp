// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/backend/cpu/rows.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// x itself if it is dense, else a dense copy; without a graph.
template <class T, class D>
Tensor<T, D> dense(const Tensor<T, D>& x) {
  return x.is_contiguous() ? x.detach() : Tensor<T, D>(copy_gradient<T, D>(x.ref()));
}

/// Dense memory seen as rows along one dimension.
inline backend::RowLayout rows_around(const Shape& sizes, int axis) {
  backend::RowLayout rows;
  for (int d = 0; d < sizes.rank(); ++d) (d < axis ? rows.outer : d == axis ? rows.n : rows.inner) *= sizes[d];
  return rows;
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
