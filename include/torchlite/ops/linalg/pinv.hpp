// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/svd.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/gt.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/sum.hpp>

#include <limits>
#include <optional>

namespace torchlite::inline TORCHLITE_ABI {

namespace linalg {
/// What counts as zero: singular values (absolute eigenvalues if hermitian) up to max(atol, rtol * the largest one). rtol is
/// max(m, n) * epsilon if neither is given, or atol is 0; else what is not given is 0.
struct Tolerance {
  std::optional<double> atol{}, rtol{};
  bool hermitian = false;
};
}  // namespace linalg

namespace ops {

/// True where a value counts; values [..., k], the largest not at a known place.
template <class T, class D>
Tensor<bool, D> above_tolerance(const Tensor<T, D>& values, const linalg::Tolerance& t, const MatrixShape& s) {
  const double atol = t.atol.value_or(0);
  const double usual = static_cast<double>(s.m > s.n ? s.m : s.n) * static_cast<double>(std::numeric_limits<T>::epsilon());
  const double rtol = t.rtol ? *t.rtol : (atol > 0 ? 0 : usual);
  const NoGradGuard guard;
  if (values.sizes().back() == 0) return empty<bool, D>(values.sizes());
  const Tensor<T, D> size = abs(values.detach()), most = amax(size, -1, true) * rtol;
  return gt(size, where(gt(most, atol), most, atol)).eval();
}

/// The gradient of A from that of P = pinv(A), for matrices of constant rank. Source: Golub and Pereyra, The Differentiation of
/// Pseudo-Inverses and Nonlinear Least Squares Problems Whose Variables Separate, SIAM J. Numer. Anal. 10, 1973.
template <class T, class D>
Tensor<T, D> pinv_gradient(const Tensor<T, D>& a, const Tensor<T, D>& p, const Tensor<T, D>& g) {
  using Y = Tensor<T, D>;
  const Y ph = hermitian_transpose(p), gh = hermitian_transpose(g);
  if (a.sizes()[a.dim() - 2] <= a.sizes().back()) {
    const Y k = matmul(gh, p), kp = matmul(k, ph);  // m x m, m x n
    return kp - hermitian_transpose(Y(matmul(p, k))) - matmul(a, Y(matmul(p, kp))) + matmul(Y(matmul(ph, p)), Y(gh - matmul(k, a)));
  }
  const Y k = matmul(p, gh), pk = matmul(ph, k);  // n x n, m x n
  return pk - hermitian_transpose(Y(matmul(k, p))) - matmul(Y(matmul(pk, p)), a) + matmul(Y(matmul(Y(gh - matmul(a, k)), p)), ph);
}

}  // namespace ops

namespace linalg {

/// The Moore-Penrose inverse: V diag(1 / S, 0 where S counts as zero) U^T.
///   A [..., m, n] -> [..., n, m]
/// With hermitian the lower triangles of symmetric matrices are read and their eigenvalues used.
template <tensor_like A>
tensor_of<A> pinv(const A& a_, const Tolerance& tolerance = {}, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "linalg.pinv needs float or double; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  const ops::MatrixShape s = ops::matrices("linalg.pinv", a.sizes());
  Y out;
  {
    const NoGradGuard guard;
    Y left, values, right;
    if (tolerance.hermitian) {
      const auto f = linalg::eigh(a, "L", site);
      left = f.eigenvectors, values = f.eigenvalues, right = ops::hermitian_transpose(f.eigenvectors);
    } else {
      const auto f = ops::svd_plain("linalg.pinv", a, true, false);
      left = ops::hermitian_transpose(f.Vh), values = f.S, right = ops::hermitian_transpose(f.U);
    }
    const Tensor<bool, D> counts = ops::above_tolerance(values, tolerance, s);
    const Y inverse = where(counts, T(1) / where(counts, values, T(1)), T(0));
    out = matmul(Y(left * unsqueeze(inverse, -2)), right);
  }
  if (!autograd::needed(a)) return out;
  return autograd::record("linalg_pinv", site, out, autograd::inputs(a),
                          [a = autograd::save(a), p = autograd::save_output(out), tolerance](const autograd::Pass& pass, const Y& g) {
                            const Y& x = a.get();
                            Y inverse = pass.output(p);
                            if (tolerance.hermitian && pass.create_graph()) {
                              // The formula holds for the symmetric matrix that was read, and so must be differentiated.
                              Tolerance same = tolerance;
                              same.hermitian = false;
                              inverse = linalg::pinv(Y(tril(x) + ops::hermitian_transpose(Y(tril(x, -1)))), same);
                            }
                            return ops::pinv_gradient(x, inverse, g);
                          });
}
template <tensor_like A>
tensor_of<A> pinv(const A& a, double rtol, bool hermitian = false, Site site = Site::current()) {
  return linalg::pinv(a, Tolerance{.rtol = rtol, .hermitian = hermitian}, site);
}

/// How many singular values do not count as zero.
///   A [..., m, n] -> int64 [...]
template <tensor_like A>
auto matrix_rank(const A& a_, const Tolerance& tolerance = {}, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  static_assert(factorable<T>, "linalg.matrix_rank needs float or double; cast first: x.to<float>()");
  const Tensor<T, D> a = eval(a_, site).detach();
  const ops::MatrixShape s =
      tolerance.hermitian ? ops::square_matrices("linalg.matrix_rank", a.sizes()) : ops::matrices("linalg.matrix_rank", a.sizes());
  const Tensor<T, D> values = tolerance.hermitian ? linalg::eigvalsh(a, "L", site) : linalg::svdvals(a, site);
  return Tensor<std::int64_t, D>(sum(ops::above_tolerance(values, tolerance, s), -1));
}
/// The same with one absolute tolerance.
template <tensor_like A>
auto matrix_rank(const A& a, double tol, bool hermitian = false, Site site = Site::current()) {
  return linalg::matrix_rank(a, Tolerance{.atol = tol, .rtol = 0.0, .hermitian = hermitian}, site);
}

}  // namespace linalg

/// linalg::pinv by its old name.
template <tensor_like A>
tensor_of<A> pinverse(const A& a, double rcond = 1e-15, Site site = Site::current()) {
  return linalg::pinv(a, linalg::Tolerance{.rtol = rcond}, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
