// SPDX-License-Identifier: BSD-3-Clause
// Vectors as diagonals of matrices, and back.
#pragma once
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/diagonal.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Zeros with the vectors in the last dimension of x on the diagonals of dimensions dim1 and dim2 of the result.
///   x [b, n], offset, -2, -1 -> [b, n + |offset|, n + |offset|]
/// Throws ShapeError if dim1 and dim2 are the same.
template <tensor_like X>
tensor_of<X> diag_embed(const X& x_, std::int64_t offset = 0, std::int64_t dim1 = -2, std::int64_t dim2 = -1, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 1, "diag_embed: a tensor without dimensions holds no vector to put on a diagonal");
  const int a = normalize_axis("diag_embed", dim1, x.dim() + 1), b = normalize_axis("diag_embed", dim2, x.dim() + 1);
  check<ShapeError>(a != b, "diag_embed: dimensions {} and {} are the same; a diagonal lies between two", dim1, dim2);
  const std::int64_t n = x.sizes().back() + (offset < 0 ? -offset : offset);
  Shape sizes = x.sizes();
  sizes.erase(sizes.rank() - 1);
  sizes.insert(a < b ? a : b, n);
  sizes.insert(a < b ? b : a, n);
  return autograd::embed("diag_embed", sizes, x, autograd::diagonal_at(offset, a, b));
}

/// Of a vector the matrix with it on a diagonal, of a matrix the diagonal, copied; diagonal 1 is the first one above the main one.
///   x [n] -> [n + |diagonal|, n + |diagonal|];  x [m, n] -> [k]
template <tensor_like X>
tensor_of<X> diag(const X& x_, std::int64_t diagonal = 0, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() == 1 || x.dim() == 2, "diag: a tensor of shape {} is neither a vector nor a matrix; use diagonal or diag_embed",
                    x.sizes().str());
  if (x.dim() == 1) return diag_embed(x, diagonal, 0, 1, site);
  return clone(torchlite::diagonal(x, diagonal, 0, 1, site), site);
}

/// The matrix with all elements of x, in row-major order, on a diagonal.
///   x [a, b] -> [a * b + |offset|, a * b + |offset|]
template <tensor_like X>
tensor_of<X> diagflat(const X& x, std::int64_t offset = 0, Site site = Site::current()) {
  return diag_embed(ravel(x, site), offset, 0, 1, site);
}

/// The sum of the main diagonal of a matrix.
///   x [m, n] -> []; int64 for integers and bool
template <tensor_like X>
auto trace(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() == 2, "trace: a tensor of shape {} is no matrix; trace takes 2 dimensions", x.sizes().str());
  return sum(diagonal(x, 0, 0, 1, site), {}, false, site);
}

namespace linalg {
/// The diagonals of the matrices in the last two dimensions, or in two others.
///   A [..., m, n] -> [..., k]; shares memory
template <tensor_like X>
tensor_of<X> diagonal(const X& A, std::int64_t offset = 0, std::int64_t dim1 = -2, std::int64_t dim2 = -1, Site site = Site::current()) {
  return torchlite::diagonal(A, offset, dim1, dim2, site);
}
}  // namespace linalg

}  // namespace torchlite::inline TORCHLITE_ABI
