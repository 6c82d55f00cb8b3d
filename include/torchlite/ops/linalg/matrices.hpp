// SPDX-License-Identifier: BSD-3-Clause
// What the functions of linear algebra share: batches of matrices and what is checked of them. All factorisations are this
// library's own code; no LAPACK is needed.
#pragma once
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/neg.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/tril.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace torchlite::inline TORCHLITE_ABI {

/// What matrices can be factored in.
template <class T>
concept factorable = std::same_as<T, float> || std::same_as<T, double>;
/// The same for the factorisations that complex matrices have, too: LU and what is solved with it, Cholesky, QR.
template <class T>
concept solvable = factorable<T> || complex_number<T>;

namespace ops {

/// [..., m, n] as `count` matrices.
struct MatrixShape {
  Shape batch;
  std::int64_t count = 1, m = 0, n = 0;

  std::int64_t least() const { return m < n ? m : n; }
  /// The batch with other sizes behind it.
  Shape with(std::initializer_list<std::int64_t> last) const {
    Shape sizes = batch;
    for (const std::int64_t s : last) sizes.push_back(s);
    return sizes;
  }
};

inline MatrixShape matrices(const char* op, const Shape& sizes) {
  check<ShapeError>(sizes.rank() >= 2, "{}: a tensor of shape {} holds no matrices; it needs at least 2 dimensions", op, sizes.str());
  MatrixShape out;
  out.batch = Shape(sizes.begin(), sizes.end() - 2);
  out.count = out.batch.numel();
  out.m = sizes[sizes.rank() - 2];
  out.n = sizes.back();
  return out;
}
inline MatrixShape square_matrices(const char* op, const Shape& sizes) {
  const MatrixShape out = matrices(op, sizes);
  check<ShapeError>(out.m == out.n, "{}: matrices of shape {} are not square; the last two sizes must be equal", op, sizes.str());
  return out;
}

/// Fresh dense memory with x's elements, without a graph.
template <class T, class D>
Tensor<T, D> fresh_copy(const Tensor<T, D>& x) {
  return Tensor<T, D>(copy_gradient<T, D>(x.ref()));
}

/// The conjugate transpose of each matrix; what backward formulas are written with.
template <class T, class D>
Tensor<T, D> hermitian_transpose(const Tensor<T, D>& x) {
  return transpose(Tensor<T, D>(conj(x)), -1, -2);
}

/// x with its batch dimensions expanded.
template <class T, class D>
Tensor<T, D> expand_batch(const Tensor<T, D>& x, const Shape& batch) {
  Shape sizes = batch;
  sizes.push_back(x.sizes()[x.dim() - 2]);
  sizes.push_back(x.sizes().back());
  return sizes == x.sizes() ? x : expand(x, sizes);
}

/// True on the diagonal of an n x n matrix.
template <class D>
Tensor<bool, D> on_diagonal(std::int64_t n) {
  return eye<bool, D>(n);
}
/// Diagonal matrices [..., n, n] of vectors [..., n].
template <class T, class D>
Tensor<T, D> diagonal_matrices(const Tensor<T, D>& x) {
  return where(on_diagonal<D>(x.sizes().back()), unsqueeze(x, -1), T(0)).eval();
}
/// Identity matrices of the batch and size of square ones.
template <class T, class D>
Tensor<T, D> identities(const MatrixShape& s) {
  return fresh_copy(expand_batch(eye<T, D>(s.n), s.batch));
}

/// g [...] times matrices [..., m, n].
template <class T, class D>
Tensor<T, D> scaled_matrices(const Tensor<T, D>& g, const Tensor<T, D>& x) {
  return unsqueeze(unsqueeze(g, -1), -1) * x;
}

/// "matrix 3 of the batch", or "the matrix" where there is only one.
inline std::string matrix_name(const Shape& batch, std::int64_t i) {
  return batch.rank() == 0 ? std::string("the matrix") : "matrix " + std::to_string(i) + " of the batch";
}

/// Throws for the first element of info that is not 0; the message says `rule` of it.
template <class D>
void check_info(const char* op, const Tensor<std::int32_t, D>& info, const char* what, const char* which, const char* rule) {
  const std::vector<std::int32_t> list = info.to_vector();
  for (std::size_t i = 0; i < list.size(); ++i)
    check<Error>(list[i] == 0, "{}: {} is {}: {} {} {}", op, matrix_name(info.sizes(), static_cast<std::int64_t>(i)), what, which, list[i],
                 rule);
}
template <class D>
void check_not_singular(const char* op, const Tensor<std::int32_t, D>& info) {
  check_info(op, info, "singular", "the diagonal element", "of U is zero");
}
/// Throws if an iteration found no result.
template <class D>
void check_converged(const char* op, const Tensor<std::int32_t, D>& failed) {
  const std::vector<std::int32_t> list = failed.to_vector();
  for (std::size_t i = 0; i < list.size(); ++i)
    check<Error>(list[i] == 0, "{}: {} holds infinities or NaNs, or did not converge; all elements must be finite", op,
                 matrix_name(failed.sizes(), static_cast<std::int64_t>(i)));
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
