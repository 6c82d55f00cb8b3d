// SPDX-License-Identifier: BSD-3-Clause
// Transposes of matrices and of batches of them, with and without conjugation.
#pragma once
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/shape/permute.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The conjugate transpose of each matrix.
///   x [..., m, n] -> [..., n, m]
/// Throws ShapeError for fewer than two dimensions.
template <tensor_like X>
tensor_of<X> adjoint(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2, "adjoint: a tensor of shape {} holds no matrices; it needs at least 2 dimensions", x.sizes().str());
  return transpose(tensor_of<X>(conj(x)), -2, -1, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
