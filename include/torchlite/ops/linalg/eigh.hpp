// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/eigh.hpp>
#include <torchlite/ops/linalg/matrices.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

inline bool upper_triangle(const char* op, std::string_view uplo) {
  const char c = uplo.size() == 1 ? uplo[0] : '?';
  check<Error>(c == 'L' || c == 'U' || c == 'l' || c == 'u', "{}: UPLO is \"{}\"; it must be \"L\" or \"U\"", op, uplo);
  return c == 'U' || c == 'u';
}

/// V (diag(gw) + (V^H gV made skew) / (w_j - w_i)) V^H: gV matters only as far as it turns V.
/// Source: Giles, Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic Differentiation, 2008.
template <class T, class D>
Tensor<T, D> eigh_gradient(const Tensor<T, D>& w, const Tensor<T, D>& v, const Tensor<T, D>& gw, const Tensor<T, D>& gv) {
  using Y = Tensor<T, D>;
  const Y vh = hermitian_transpose(v);
  if (!gv.defined()) return matmul(Y(v * unsqueeze(gw, -2)), vh);
  const Y inner = matmul(vh, gv), skew = (inner - hermitian_transpose(inner)) * T(0.5);
  const Tensor<bool, D> same = on_diagonal<D>(w.sizes().back());
  const Y apart = where(same, T(1), unsqueeze(w, -2) - unsqueeze(w, -1));
  Y core = where(same, T(0), skew / apart);
  if (gw.defined()) core = core + diagonal_matrices(gw);
  return matmul(matmul(v, core), vh);
}

}  // namespace ops

namespace linalg {

/// What eigh returns: A = V diag(w) V^T.
template <class T, class D>
struct EighResult {
  Tensor<T, D> eigenvalues, eigenvectors;
};

/// Eigenvalues, ascending, and orthonormal eigenvectors of symmetric matrices, of which the triangle named by UPLO is read.
///   A [..., n, n] -> eigenvalues [..., n], eigenvectors [..., n, n], in columns
/// The sign of a vector is arbitrary, and the gradient right only for functions that do not depend on it; where eigenvalues
/// coincide it is infinite or NaN. Throws Error for infinities and NaNs.
template <tensor_like A>
auto eigh(const A& a_, std::string_view UPLO = "L", Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "linalg.eigh needs float or double; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  check_devices("linalg.eigh", a);
  const ops::MatrixShape s = ops::square_matrices("linalg.eigh", a.sizes());
  const bool upper = ops::upper_triangle("linalg.eigh", UPLO);
  EighResult<T, D> out{empty<T, D>(s.with({s.n})), ops::fresh_copy(a)};
  const Tensor<std::int32_t, D> failed = empty<std::int32_t, D>(s.batch);
  eigh_batch(D{}, s.count, s.n, upper, out.eigenvectors.data(), out.eigenvalues.data(), true, failed.data());
  ops::check_converged("linalg.eigh", failed);
  if (!autograd::needed(a)) return out;
  const auto both = autograd::record("linalg_eigh", site, std::vector<Y>{out.eigenvalues, out.eigenvectors}, autograd::inputs(a),
                                     [w = autograd::save_output(out.eigenvalues), v = autograd::save_output(out.eigenvectors)](
                                         const autograd::Pass& pass, const std::vector<Y>& g) {
                                       return ops::eigh_gradient(pass.output(w, 0), pass.output(v, 1), g[0], g[1]);
                                     });
  out.eigenvalues = both[0], out.eigenvectors = both[1];
  return out;
}

/// The eigenvalues of symmetric matrices, ascending.
///   A [..., n, n] -> [..., n]
template <tensor_like A>
tensor_of<A> eigvalsh(const A& a_, std::string_view UPLO = "L", Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  static_assert(factorable<T>, "linalg.eigvalsh needs float or double; cast first: x.to<float>()");
  const Tensor<T, D>& a = eval(a_, site);
  if (autograd::needed(a)) return linalg::eigh(a, UPLO, site).eigenvalues;
  check_devices("linalg.eigvalsh", a);
  const ops::MatrixShape s = ops::square_matrices("linalg.eigvalsh", a.sizes());
  const bool upper = ops::upper_triangle("linalg.eigvalsh", UPLO);
  const Tensor<T, D> out = empty<T, D>(s.with({s.n})), work = ops::fresh_copy(a);
  const Tensor<std::int32_t, D> failed = empty<std::int32_t, D>(s.batch);
  eigh_batch(D{}, s.count, s.n, upper, work.data(), out.data(), false, failed.data());
  ops::check_converged("linalg.eigvalsh", failed);
  return out;
}

}  // namespace linalg
}  // namespace torchlite::inline TORCHLITE_ABI
