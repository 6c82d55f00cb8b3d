// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/solve.hpp>
#include <torchlite/ops/linalg/svd.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/logical_and.hpp>
#include <torchlite/ops/pointwise/logical_or.hpp>
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/reduce/prod.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/diagonal.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

namespace linalg {
template <tensor_like A>
tensor_of<A> det(const A& a, Site site = Site::current());
}

namespace ops {

/// The determinants that belong to factors.
template <class T, class D>
Tensor<T, D> det_of(const Factored<T, D>& f) {
  const MatrixShape s = matrices("linalg.det", f.lu.sizes());
  const Tensor<T, D> out = empty<T, D>(s.batch);
  lu_det(D{}, s.count, backend::LuDeterminant<T>{s.n, f.lu.data(), f.pivots.data(), out.data()});
  return out;
}

/// det(A) A^-T. A pivot of 0 is taken for one of rounding size: the cofactors are continuous, and so far off at most.
template <class T, class D>
Tensor<T, D> cofactors_of(Factored<T, D> f) {
  const NoGradGuard guard;
  const MatrixShape s = matrices("linalg.det", f.lu.sizes());
  f.lu = where(logical_and(on_diagonal<D>(s.n), eq(f.lu, T(0))), std::numeric_limits<T>::epsilon(), f.lu);
  return scaled_matrices(det_of(f), solve_factored(f, identities<T, D>(s), true));
}

/// A^-T from factors, without a graph.
template <class T, class D>
Tensor<T, D> inverse_transpose_of(const Factored<T, D>& f) {
  return solve_factored(f, identities<T, D>(matrices("linalg.slogdet", f.lu.sizes())), true);
}

/// The derivative of the cofactors of A in direction G. With A = U S V^T and F = U^T G V it is
/// det(U V) U (diag(P diag(F)) - P F^T) V^T, P F^T element by element, where P_ij is the product of all singular values but i and
/// j, 0 for i = j: a polynomial, so singular matrices are no exception.
template <class T, class D>
Tensor<T, D> cofactor_derivative(const Tensor<T, D>& a, const Tensor<T, D>& g) {
  using Y = Tensor<T, D>;
  const std::int64_t n = a.sizes().back();
  const auto f = linalg::svd(a);
  Y sign;
  {
    const NoGradGuard guard;
    sign = det_of(factor("linalg.det", Y(matmul(f.U, f.Vh))));
  }
  const Tensor<bool, D> same = on_diagonal<D>(n);
  const Tensor<bool, D> left_out = logical_or(unsqueeze(same, -2), unsqueeze(same, -3));
  Y products = prod(Y(where(left_out, T(1), unsqueeze(unsqueeze(f.S, -2), -2))), -1);
  products = where(same, T(0), products);
  const Y inner = matmul(matmul(hermitian_transpose(f.U), g), hermitian_transpose(f.Vh));
  const Y on = matmul(products, unsqueeze(diagonal(inner, 0, -2, -1), -1));
  const Y core = where(same, on, neg(products * transpose(inner, -1, -2)));
  return scaled_matrices(sign, matmul(matmul(f.U, core), f.Vh));
}

/// The cofactors of each matrix: the derivative of its determinant.
template <class T, class D>
Tensor<T, D> cofactors(const Tensor<T, D>& a) {
  using Y = Tensor<T, D>;
  const Factored<T, D> f = factor("linalg.det", a);
  Y out = cofactors_of(f);
  if (!autograd::needed(a)) return out;
  return autograd::record(
      "cofactors", Site{}, std::move(out), autograd::inputs(a), [a = autograd::save(a), f](const autograd::Pass& pass, const Y& g) {
        const Y& x = a.get();
        bool singular = false;
        for (const std::int32_t i : f.info.to_vector()) singular = singular || i != 0;
        if (!pass.create_graph() || singular) return cofactor_derivative(x, g);
        // The same by the inverse, whose derivatives need no distinct singular values.
        const Y y = linalg::inv(x), t = transpose(y, -1, -2);
        const Y trace = sum(diagonal(Y(matmul(y, g)), 0, -2, -1), -1);
        return scaled_matrices(linalg::det(x), Y(scaled_matrices(trace, t) - matmul(t, matmul(transpose(g, -1, -2), t))));
      });
}

}  // namespace ops

namespace linalg {

/// The determinant of each matrix.
///   A [..., n, n] -> [...]; 1 for n = 0
/// The gradient (the cofactors) and its gradient are right for singular matrices, too.
template <tensor_like A>
tensor_of<A> det(const A& a_, Site site) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "linalg.det needs float or double; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  ops::square_matrices("linalg.det", a.sizes());
  const ops::Factored<T, D> f = ops::factor("linalg.det", a);
  Y out = ops::det_of(f);
  if (!autograd::needed(a)) return out;
  return autograd::record("linalg_det", site, std::move(out), autograd::inputs(a),
                          [a = autograd::save(a), f](const autograd::Pass& pass, const Y& g) {
                            return ops::scaled_matrices(g, pass.create_graph() ? ops::cofactors(a.get()) : ops::cofactors_of(f));
                          });
}

/// What slogdet returns: det = sign * exp(logabsdet); sign has no gradient.
template <class T, class D>
struct SlogdetResult {
  Tensor<T, D> sign, logabsdet;
};

/// The sign of each determinant and the logarithm of its size, for determinants that overflow.
///   A [..., n, n] -> sign [...], logabsdet [...]; 0 and -infinity for a singular matrix
template <tensor_like A>
auto slogdet(const A& a_, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "linalg.slogdet needs float or double; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  const ops::MatrixShape s = ops::square_matrices("linalg.slogdet", a.sizes());
  const ops::Factored<T, D> f = ops::factor("linalg.slogdet", a);
  SlogdetResult<T, D> out{empty<T, D>(s.batch), empty<T, D>(s.batch)};
  lu_logdet(D{}, s.count, backend::LuLogDeterminant<T>{s.n, f.lu.data(), f.pivots.data(), out.sign.data(), out.logabsdet.data()});
  if (autograd::needed(a))
    out.logabsdet = autograd::record(
        "linalg_slogdet", site, out.logabsdet, autograd::inputs(a), [a = autograd::save(a), f](const autograd::Pass& pass, const Y& g) {
          return ops::scaled_matrices(
              g, pass.create_graph() ? ops::hermitian_transpose(linalg::inv_ex(a.get()).inverse) : ops::inverse_transpose_of(f));
        });
  return out;
}

}  // namespace linalg

using linalg::det;
using linalg::slogdet;

/// The logarithm of each determinant: -infinity where it is 0, NaN where it is negative.
///   A [..., n, n] -> [...]
template <tensor_like A>
tensor_of<A> logdet(const A& a, Site site = Site::current()) {
  using T = value_t<A>;
  const auto s = linalg::slogdet(a, site);
  return where(lt(s.sign, 0), std::numeric_limits<T>::quiet_NaN(), s.logabsdet).eval(site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
