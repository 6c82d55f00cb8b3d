// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/triangle.hpp>
#include <torchlite/ops/linalg/matrices.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace linalg {
/// The solution of A X = B, or of X A = B if not left, for a triangular A; only the triangle named is read.
///   A [..., n, n], B [..., n, k] (left) or [..., k, n] -> like B, batch dimensions broadcast
///   unitriangular: the diagonal of A is not read and taken as ones
/// A zero on the diagonal gives infinities and NaNs. Throws ShapeError if the sizes do not fit.
template <tensor_like A, tensor_like B>
tensor_of<A> solve_triangular(const A& a_, const B& b_, bool upper, bool left = true, bool unitriangular = false,
                              Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(solvable<T>, "linalg.solve_triangular needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<T, value_t<B>>, "linalg.solve_triangular needs operands of one dtype; cast one with to<T>()");
  const char* op = "linalg.solve_triangular";
  const Y& a = eval(a_, site);
  const Y& b = eval(b_, site);
  check_devices(op, a, b);
  const ops::MatrixShape sa = ops::square_matrices(op, a.sizes()), sb = ops::matrices(op, b.sizes());
  check<ShapeError>((left ? sb.m : sb.n) == sa.n, "{}: A is {}, B is {}; for {} B must have as many {} as A", op, a.sizes().str(),
                    b.sizes().str(), left ? "A X = B" : "X A = B", left ? "rows" : "columns");
  ops::MatrixShape out = sb;
  out.batch = broadcast_shapes(op, sa.batch, sb.batch);
  out.count = out.batch.numel();

  Y x;
  {
    const NoGradGuard guard;
    const Y wide = ops::expand_batch(b, out.batch);
    // X A = B is A^T X^T = B^T.
    x = ops::fresh_copy(left ? wide : Y(transpose(wide, -1, -2)));
    const bool shared = sa.count == 1;
    const Y whole = shared ? a : ops::expand_batch(a, out.batch);
    const Y dense = ops::dense(left ? whole : Y(transpose(whole, -1, -2)));
    solve_triangles(D{}, out.count, sa.n, left ? sb.n : sb.m, left ? upper : !upper, unitriangular, dense.data(), shared ? 0 : sa.n * sa.n,
                    x.data());
    if (!left) x = ops::fresh_copy(Y(transpose(x, -1, -2)));
  }
  if (!autograd::needed(a, b)) return x;
  return autograd::record("linalg_solve_triangular", site, x, autograd::inputs(a, b),
                          [a = autograd::save(a), b_sizes = b.sizes(), x = autograd::save_output(x), upper, left, unitriangular](
                              const autograd::Pass& pass, const Y& g) {
                            const Y& t = a.get();
                            const Y gb = linalg::solve_triangular(ops::hermitian_transpose(t), g, !upper, left, unitriangular);
                            Y ga;
                            if (pass.needs(0)) {
                              const Y solution = ops::hermitian_transpose(pass.output(x));
                              const Y full = neg(left ? matmul(gb, solution) : matmul(solution, gb));
                              const int skip = unitriangular ? 1 : 0;
                              ga = sum_to_size(upper ? Y(triu(full, skip)) : Y(tril(full, -skip)), t.sizes());
                            }
                            return std::tuple(ga, pass.needs(1) ? sum_to_size(gb, b_sizes) : Y());
                          });
}
}  // namespace linalg

/// What triangular_solve returns: the solution and a copy of A.
template <class T, class D>
struct TriangularSolveResult {
  Tensor<T, D> solution, cloned_coefficient;
};

/// The solution of A X = b (of A^T X = b if transpose) with PyTorch's old order of arguments; linalg::solve_triangular is the new one.
///   b [..., n, k], A [..., n, n] -> solution [..., n, k]
template <tensor_like B, tensor_like A>
auto triangular_solve(const B& b_, const A& a_, bool upper = true, bool transpose = false, bool unitriangular = false,
                      Site site = Site::current()) {
  using Y = tensor_of<A>;
  const Y& a = eval(a_, site);
  const Y& b = eval(b_, site);
  check<ShapeError>(a.dim() >= 2 && b.dim() >= 2, "triangular_solve: b is {}, A is {}; both need at least 2 dimensions", b.sizes().str(),
                    a.sizes().str());
  const Y used = transpose ? Y(torchlite::transpose(a, -1, -2)) : a;
  return TriangularSolveResult<value_t<A>, device_t<A>>{
      linalg::solve_triangular(used, b, transpose ? !upper : upper, true, unitriangular, site), clone(a, site)};
}

}  // namespace torchlite::inline TORCHLITE_ABI
