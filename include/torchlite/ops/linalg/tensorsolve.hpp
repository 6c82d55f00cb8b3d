// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/solve.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace linalg {

/// The inverse of A seen as a matrix, its first `ind` dimensions the rows and the others the columns.
///   A [a..., b...], the products of both equal -> [b..., a...]
/// Throws ShapeError if they are not, Error for a singular matrix.
template <tensor_like A>
tensor_of<A> tensorinv(const A& a_, std::int64_t ind = 2, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  check<Error>(ind > 0, "linalg.tensorinv: ind is {}; it must be positive", ind);
  Shape sizes;
  std::int64_t rows = 1, columns = 1;
  for (int d = static_cast<int>(ind < a.dim() ? ind : a.dim()); d < a.dim(); ++d) sizes.push_back(a.sizes()[d]), columns *= a.sizes()[d];
  for (int d = 0; d < ind && d < a.dim(); ++d) sizes.push_back(a.sizes()[d]), rows *= a.sizes()[d];
  check<ShapeError>(rows == columns, "linalg.tensorinv: the first {} sizes of {} have the product {}, the others {}; both must be equal",
                    ind, a.sizes().str(), rows, columns);
  return reshape(ops::invert("linalg.tensorinv", site, tensor_of<A>(reshape(a, {rows, columns}, site)), true).result, sizes, site);
}

/// X with tensordot(A, X, X's number of dimensions) = B; the dimensions of A named in dims are moved to its end first.
///   A [b..., x...], the products of both equal, B [b...] -> [x...]
/// Throws ShapeError if the sizes do not fit, Error for a singular matrix.
template <tensor_like A, tensor_like B>
tensor_of<A> tensorsolve(const A& a_, const B& b_, const Shape& dims = {}, Site site = Site::current()) {
  using Y = tensor_of<A>;
  Y a = eval(a_, site);
  const auto& b = eval(b_, site);
  if (!dims.empty()) {
    Shape last;
    for (int i = 0; i < dims.rank(); ++i) last.push_back(a.dim() - dims.rank() + i);
    a = movedim(a, dims, last, site);
  }
  check<ShapeError>(a.dim() >= b.dim(), "linalg.tensorsolve: A is {}, B is {}; A cannot have fewer dimensions", a.sizes().str(),
                    b.sizes().str());
  Shape sizes;
  std::int64_t columns = 1;
  for (int d = b.dim(); d < a.dim(); ++d) sizes.push_back(a.sizes()[d]), columns *= a.sizes()[d];
  const std::int64_t rows = a.numel() == 0 || columns == 0 ? b.numel() : a.numel() / columns;
  check<ShapeError>(
      rows == columns && b.numel() == rows,
      "linalg.tensorsolve: A is {} (dims moved), B is {}; the first {} sizes of A must have the product of the others, and B as "
      "many elements",
      a.sizes().str(), b.sizes().str(), b.dim());
  const Y x =
      ops::solve_any("linalg.tensorsolve", site, Y(reshape(a, {rows, columns}, site)), Y(reshape(b, {rows}, site)), true, true).result;
  return reshape(x, sizes, site);
}

}  // namespace linalg
}  // namespace torchlite::inline TORCHLITE_ABI
