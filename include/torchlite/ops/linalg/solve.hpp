// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/lu.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// a^-1 b, or a^-H b, from factors; without a graph. b [..., n, k] has the broadcast batch.
template <class T, class D>
Tensor<T, D> solve_factored(const Factored<T, D>& f, const Tensor<T, D>& b, bool adjoint) {
  const NoGradGuard guard;
  const MatrixShape s = matrices("linalg.solve", b.sizes()), sa = matrices("linalg.solve", f.lu.sizes());
  // The kernel solves with the transpose; a^-H b is the conjugate of a^-T conj(b).
  const Tensor<T, D> x = fresh_copy(adjoint ? Tensor<T, D>(conj(b)) : b);
  const bool shared = sa.count == 1;
  const Tensor<T, D> lu = shared ? f.lu : dense(expand_batch(f.lu, s.batch));
  const Tensor<std::int32_t, D> pivots = shared ? f.pivots : dense(expand(f.pivots, s.with({sa.n})));
  lu_solve(D{}, s.count, s.m, s.n, adjoint, shared, static_cast<const T*>(lu.data()), static_cast<const std::int32_t*>(pivots.data()),
           x.data());
  return adjoint ? Tensor<T, D>(conj(x)) : x;
}

/// True if b is a batch of vectors to a, by PyTorch's rule.
inline bool is_vector_side(const Shape& a, const Shape& b) {
  return b.rank() == 1 || (b.rank() + 1 == a.rank() && std::equal(b.begin(), b.end(), a.begin()));
}

template <class T, class D>
struct Solved {
  Tensor<T, D> result;
  Tensor<std::int32_t, D> info;
};

/// A X = B for matrices B.
template <class T, class D>
Solved<T, D> solve_matrices(const char* op, Site site, const Tensor<T, D>& a, const Tensor<T, D>& b, bool check_errors) {
  using Y = Tensor<T, D>;
  check_devices(op, a, b);
  const MatrixShape sa = square_matrices(op, a.sizes()), sb = matrices(op, b.sizes());
  check<ShapeError>(sa.n == sb.m, "{}: A is {}, B is {}; B must have as many rows as A", op, a.sizes().str(), b.sizes().str());
  const Shape batch = broadcast_shapes(op, sa.batch, sb.batch);
  const Factored<T, D> f = factor(op, a);
  if (check_errors) check_not_singular(op, f.info);
  Y x = solve_factored(f, expand_batch(b.detach(), batch), false);
  if (!autograd::needed(a, b)) return {x, f.info};
  x = autograd::record(
      "linalg_solve", site, x, autograd::inputs(a, b),
      [a = autograd::save(a), b_sizes = b.sizes(), f, x = autograd::save_output(x)](const autograd::Pass& pass, const Y& g) {
        Y gb;
        if (pass.create_graph()) gb = solve_matrices("linalg.solve", Site{}, hermitian_transpose(a.get()), g, false).result;
        else gb = solve_factored(f, g, true);
        Y ga;
        if (pass.needs(0)) ga = sum_to_size(Y(neg(matmul(gb, hermitian_transpose(pass.output(x))))), a.get().sizes());
        return std::tuple(ga, pass.needs(1) ? sum_to_size(gb, b_sizes) : Y());
      });
  return {x, f.info};
}

template <class T, class D>
Solved<T, D> solve_any(const char* op, Site site, const Tensor<T, D>& a, const Tensor<T, D>& b, bool left, bool check_errors) {
  square_matrices(op, a.sizes());
  check<ShapeError>(b.dim() >= 1, "{}: B has no dimensions; it must hold vectors or matrices", op);
  if (is_vector_side(a.sizes(), b.sizes())) {
    check<ShapeError>(left, "{}: B of shape {} is a vector to A of shape {}; vectors cannot stand on the left of A", op, b.sizes().str(),
                      a.sizes().str());
    Solved<T, D> s = solve_matrices(op, site, a, unsqueeze(b, -1), check_errors);
    return {squeeze(s.result, -1), s.info};
  }
  if (left) return solve_matrices(op, site, a, b, check_errors);
  check<ShapeError>(b.dim() >= 2 && b.sizes().back() == a.sizes().back(),
                    "{}: A is {}, B is {}; for X A = B, B must have as many columns as A", op, a.sizes().str(), b.sizes().str());
  Solved<T, D> s = solve_matrices(op, site, Tensor<T, D>(transpose(a, -1, -2)), Tensor<T, D>(transpose(b, -1, -2)), check_errors);
  return {transpose(s.result, -1, -2), s.info};
}

}  // namespace ops

namespace linalg {

/// What solve_ex returns; info [...] is the number of the first zero pivot, from 1, or 0.
template <class T, class D>
struct SolveExResult {
  Tensor<T, D> result;
  Tensor<std::int32_t, D> info;
};
template <class T, class D>
struct InvExResult {
  Tensor<T, D> inverse;
  Tensor<std::int32_t, D> info;
};

/// The solution of A X = B, or of X A = B if not left, by elimination with partial pivoting.
///   A [..., n, n], B [..., n, k], [n] or [..., n] with A's batch -> like B, batch dimensions broadcast
/// The relative error is about the condition number times the rounding error of the dtype. Throws Error for a singular A.
template <tensor_like A, tensor_like B>
tensor_of<A> solve(const A& a, const B& b, bool left = true, Site site = Site::current()) {
  static_assert(solvable<value_t<A>>, "linalg.solve needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<value_t<A>, value_t<B>>, "linalg.solve needs operands of one dtype; cast one with to<T>()");
  return ops::solve_any("linalg.solve", site, eval(a, site), eval(b, site), left, true).result;
}
/// The same without the check: a singular matrix gives infinities or NaNs, and info says so.
template <tensor_like A, tensor_like B>
auto solve_ex(const A& a, const B& b, bool left = true, bool check_errors = false, Site site = Site::current()) {
  static_assert(solvable<value_t<A>>, "linalg.solve_ex needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<value_t<A>, value_t<B>>, "linalg.solve_ex needs operands of one dtype; cast one with to<T>()");
  auto s = ops::solve_any("linalg.solve_ex", site, eval(a, site), eval(b, site), left, check_errors);
  return SolveExResult<value_t<A>, device_t<A>>{s.result, s.info};
}

}  // namespace linalg

namespace ops {
template <class T, class D>
Solved<T, D> invert(const char* op, Site site, const Tensor<T, D>& a, bool check_errors) {
  using Y = Tensor<T, D>;
  const MatrixShape s = square_matrices(op, a.sizes());
  const Factored<T, D> f = factor(op, a);
  if (check_errors) check_not_singular(op, f.info);
  Y y = solve_factored(f, identities<T, D>(s), false);
  if (autograd::needed(a))
    y = autograd::record("linalg_inv", site, y, autograd::inputs(a),
                         [y = autograd::save_output(y)](const autograd::Pass& pass, const Y& g) {
                           const Y h = hermitian_transpose(pass.output(y));
                           return Y(neg(matmul(h, matmul(g, h))));
                         });
  return {y, f.info};
}
}  // namespace ops

namespace linalg {

/// The inverse of each matrix; to solve a system, solve() is faster and more accurate.
///   A [..., n, n] -> [..., n, n]
/// Throws Error for a singular matrix.
template <tensor_like A>
tensor_of<A> inv(const A& a, Site site = Site::current()) {
  static_assert(solvable<value_t<A>>, "linalg.inv needs float or double; cast first: x.to<float>()");
  return ops::invert("linalg.inv", site, eval(a, site), true).result;
}
/// The same without the check: a singular matrix gives infinities or NaNs, and info says so.
template <tensor_like A>
auto inv_ex(const A& a, bool check_errors = false, Site site = Site::current()) {
  static_assert(solvable<value_t<A>>, "linalg.inv_ex needs float or double; cast first: x.to<float>()");
  auto s = ops::invert("linalg.inv_ex", site, eval(a, site), check_errors);
  return InvExResult<value_t<A>, device_t<A>>{s.result, s.info};
}

}  // namespace linalg

/// linalg::inv by its other name.
template <tensor_like A>
tensor_of<A> inverse(const A& a, Site site = Site::current()) {
  return linalg::inv(a, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
