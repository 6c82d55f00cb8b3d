// SPDX-License-Identifier: BSD-3-Clause
// Transposes of the last two dimensions. PyTorch's attributes x.T and x.H are methods; as functions they have ATen's names.
#pragma once
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/shape/permute.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The matrices in the last two dimensions, transposed.
///   x [..., m, n] -> [..., n, m]; shares memory
/// Throws ShapeError for a vector.
template <tensor_like X>
tensor_of<X> mT(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2, "mT: a tensor of shape {} is no matrix; it needs at least 2 dimensions", x.sizes().str());
  return transpose(x, -2, -1, site);
}

/// The matrices in the last two dimensions, transposed and conjugated: for real numbers the same as mT.
///   x [..., m, n] -> [..., n, m]
template <tensor_like X>
tensor_of<X> mH(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2, "mH: a tensor of shape {} is no matrix; it needs at least 2 dimensions", x.sizes().str());
  return mT(tensor_of<X>(conj(x)), site);
}
/// Another name of mH.
template <tensor_like X>
tensor_of<X> adjoint(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2, "adjoint: a tensor of shape {} is no matrix; it needs at least 2 dimensions", x.sizes().str());
  return mH(x, site);
}

/// x.T: all dimensions in reverse order.
///   x [a, b, c] -> [c, b, a]; shares memory
template <tensor_like X>
tensor_of<X> numpy_T(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  Shape dims;
  for (int d = x.dim() - 1; d >= 0; --d) dims.push_back(d);
  return permute(x, dims, site);
}

/// x.H: a matrix transposed and conjugated; a tensor without dimensions stays as it is.
///   x [m, n] -> [n, m]
template <tensor_like X>
tensor_of<X> matrix_H(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() == 2 || x.dim() == 0, "matrix_H: a tensor of shape {} is no matrix; use mH for a stack of them",
                    x.sizes().str());
  if (x.dim() == 0) return t(tensor_of<X>(conj(x)), site);
  return mH(x, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
