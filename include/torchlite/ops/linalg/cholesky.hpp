// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/solve_triangular.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

template <class T, class D>
struct CholeskyFactor {
  Tensor<T, D> factor;
  Tensor<std::int32_t, D> info;
};

/// The gradient of A from that of its lower factor: with M = L^H g it is L^-H S L^-1, S the lower triangle of M made symmetric
/// and halved. Source: Murray, Differentiation of the Cholesky decomposition, 2016.
template <class T, class D>
Tensor<T, D> cholesky_gradient(const Tensor<T, D>& lower, const Tensor<T, D>& g) {
  using Y = Tensor<T, D>;
  const Y adjoint = hermitian_transpose(lower), m = matmul(adjoint, g);
  const Y s = (tril(m) + hermitian_transpose(Y(tril(m, -1)))) * T(0.5);
  return linalg::solve_triangular(lower, linalg::solve_triangular(adjoint, s, true), false, false);
}

template <class T, class D>
CholeskyFactor<T, D> cholesky_of(const char* op, Site site, const Tensor<T, D>& a, bool upper, bool check_errors) {
  using Y = Tensor<T, D>;
  check_devices(op, a);
  const MatrixShape s = square_matrices(op, a.sizes());
  // The upper triangle of a is the lower one of its transpose.
  const Y lower = fresh_copy(upper ? Y(transpose(a.detach(), -1, -2)) : a);
  const Tensor<std::int32_t, D> info = empty<std::int32_t, D>(s.batch);
  cholesky_factor(D{}, s.count, s.n, lower.data(), info.data());
  if (check_errors) check_info(op, info, "not positive definite", "the leading minor of order", "is not positive");
  Y out = upper ? fresh_copy(hermitian_transpose(lower)) : lower;
  if (autograd::needed(a))
    out = autograd::record("linalg_cholesky", site, out, autograd::inputs(a),
                           [out = autograd::save_output(out), upper](const autograd::Pass& pass, const Y& g) {
                             const Y factor = pass.output(out);
                             return upper ? cholesky_gradient(hermitian_transpose(factor), hermitian_transpose(g))
                                          : cholesky_gradient(factor, g);
                           });
  return {out, info};
}

}  // namespace ops

namespace linalg {

/// What cholesky_ex returns; info [...] is the order of the first leading minor that is not positive, or 0.
template <class T, class D>
struct CholeskyExResult {
  Tensor<T, D> L;
  Tensor<std::int32_t, D> info;
};

/// The triangular factor of a symmetric positive definite matrix: A = L L^T, or U^T U with upper. Only the triangle that is
/// factored is read; the gradient is that of a symmetric A.
///   A [..., n, n] -> [..., n, n]
/// Throws Error if a matrix is not positive definite.
template <tensor_like A>
tensor_of<A> cholesky(const A& a, bool upper = false, Site site = Site::current()) {
  static_assert(solvable<value_t<A>>, "linalg.cholesky needs float or double; cast first: x.to<float>()");
  return ops::cholesky_of("linalg.cholesky", site, eval(a, site), upper, true).factor;
}
/// The same without the check; what lies behind the minor named in info is meaningless.
template <tensor_like A>
auto cholesky_ex(const A& a, bool upper = false, bool check_errors = false, Site site = Site::current()) {
  static_assert(solvable<value_t<A>>, "linalg.cholesky_ex needs float or double; cast first: x.to<float>()");
  const auto f = ops::cholesky_of("linalg.cholesky_ex", site, eval(a, site), upper, check_errors);
  return CholeskyExResult<value_t<A>, device_t<A>>{f.factor, f.info};
}

}  // namespace linalg

using linalg::cholesky;

/// The solution of A X = B from the factor of A = L L^T, or U^T U with upper.
///   B [..., n, k], L [..., n, n] -> [..., n, k], batch dimensions broadcast
template <tensor_like B, tensor_like L>
tensor_of<L> cholesky_solve(const B& b_, const L& factor_, bool upper = false, Site site = Site::current()) {
  using Y = tensor_of<L>;
  static_assert(solvable<value_t<L>>, "cholesky_solve needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<value_t<L>, value_t<B>>, "cholesky_solve needs operands of one dtype; cast one with to<T>()");
  const Y& b = eval(b_, site);
  const Y& factor = eval(factor_, site);
  const ops::MatrixShape sl = ops::square_matrices("cholesky_solve", factor.sizes()), sb = ops::matrices("cholesky_solve", b.sizes());
  check<ShapeError>(sb.m == sl.n, "cholesky_solve: B is {}, the factor is {}; B must have as many rows", b.sizes().str(),
                    factor.sizes().str());
  Y x;
  {
    const NoGradGuard guard;
    const Y adjoint = ops::hermitian_transpose(factor);
    x = linalg::solve_triangular(upper ? factor : adjoint, linalg::solve_triangular(upper ? adjoint : factor, b, false), true);
  }
  if (!autograd::needed(b, factor)) return x;
  return autograd::record(
      "cholesky_solve", site, x, autograd::inputs(b, factor),
      [factor = autograd::save(factor), sizes = b.sizes(), x = autograd::save_output(x), upper](const autograd::Pass& pass, const Y& g) {
        const Y& l = factor.get();
        const Y gb = cholesky_solve(g, l, upper);
        Y gl;
        if (pass.needs(1)) {
          // d(A) = dL L^H + L dL^H, and A enters as -A^-1 dA X.
          const Y one = matmul(gb, ops::hermitian_transpose(pass.output(x)));
          const Y both = one + ops::hermitian_transpose(one);
          gl = sum_to_size(Y(neg(upper ? matmul(l, both) : matmul(both, l))), l.sizes());
        }
        return std::tuple(pass.needs(0) ? sum_to_size(gb, sizes) : Y(), gl);
      });
}

/// The inverse of A from its factor, A = L L^T or U^T U with upper.
///   L [..., n, n] -> [..., n, n]
template <tensor_like L>
tensor_of<L> cholesky_inverse(const L& factor_, bool upper = false, Site site = Site::current()) {
  using T = value_t<L>;
  using D = device_t<L>;
  using Y = Tensor<T, D>;
  static_assert(solvable<T>, "cholesky_inverse needs float or double; cast first: x.to<float>()");
  const Y& factor = eval(factor_, site);
  const ops::MatrixShape s = ops::square_matrices("cholesky_inverse", factor.sizes());
  Y out;
  {
    const NoGradGuard guard;
    const Y lower = upper ? ops::hermitian_transpose(factor) : factor;
    const Y y = linalg::solve_triangular(lower, ops::identities<T, D>(s), false);
    out = matmul(ops::hermitian_transpose(y), y);
  }
  if (!autograd::needed(factor)) return out;
  return autograd::record(
      "cholesky_inverse", site, out, autograd::inputs(factor),
      [factor = autograd::save(factor), out = autograd::save_output(out), upper](const autograd::Pass& pass, const Y& g) {
        const Y y = pass.output(out);
        const Y both = matmul(matmul(y, Y(g + ops::hermitian_transpose(g))), y);
        return Y(neg(upper ? matmul(factor.get(), both) : matmul(both, factor.get())));
      });
}

}  // namespace torchlite::inline TORCHLITE_ABI
