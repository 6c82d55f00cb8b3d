// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/matrix_exp.hpp>
#include <torchlite/ops/linalg/matrices.hpp>
#include <torchlite/ops/shape/cat.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace linalg {

/// The exponential of each matrix, the sum of A^k / k!; the relative error is about the rounding error of the dtype times the
/// condition of the problem. A matrix with infinities or NaNs gives NaNs.
///   A [..., n, n] -> [..., n, n]
template <tensor_like A>
tensor_of<A> matrix_exp(const A& a_, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "linalg.matrix_exp needs float or double; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  check_devices("linalg.matrix_exp", a);
  const ops::MatrixShape s = ops::square_matrices("linalg.matrix_exp", a.sizes());
  const Y from = ops::dense(a), out = empty<T, D>(a.sizes());
  matrix_exp(D{}, s.count, s.n, static_cast<const T*>(from.data()), out.data());
  if (!autograd::needed(a)) return out;
  // exp [[X, G], [0, X]] has the derivative of exp at X in direction G in its corner; the gradient is that at A^H.
  // Source: Mathias, A Chain Rule for Matrix Functions and Applications, SIAM J. Matrix Anal. Appl. 17, 1996.
  return autograd::record("linalg_matrix_exp", site, out, autograd::inputs(a), [a = autograd::save(a)](const autograd::Pass&, const Y& g) {
    const Y x = ops::hermitian_transpose(a.get());
    const std::int64_t n = x.sizes().back();
    const Y top = cat({x, g}, -1), bottom = cat({Y(zeros_like(x)), x}, -1);
    const Y whole = linalg::matrix_exp(cat({top, bottom}, -2));
    return Y(narrow(narrow(whole, -2, 0, n), -1, n, n));
  });
}

}  // namespace linalg
using linalg::matrix_exp;

}  // namespace torchlite::inline TORCHLITE_ABI
