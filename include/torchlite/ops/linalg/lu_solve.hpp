// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/lu.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace linalg {

/// The solution of A X = B from lu_factor's factors of A; of A^H X = B with adjoint, of X A = B if not left.
///   LU [..., n, n], pivots [..., n], B [..., n, k] (left) or [..., k, n] -> like B, batch dimensions broadcast
/// Differentiable in LU and B. A zero on U's diagonal gives infinities and NaNs.
template <tensor_like A, tensor_like I, tensor_like B>
tensor_of<A> lu_solve(const A& lu_, const I& pivots_, const B& b_, bool left = true, bool adjoint = false, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(solvable<T>, "linalg.lu_solve needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<value_t<I>, std::int32_t>,
                "linalg.lu_solve: pivots are int32, as lu_factor gives them; cast with to<std::int32_t>()");
  const char* op = "linalg.lu_solve";
  const Y& lu = eval(lu_, site);
  const Y& b = eval(b_, site);
  const Tensor<std::int32_t, D>& pivots = eval(pivots_, site);
  check_devices(op, lu, pivots, b);
  const ops::MatrixShape sa = ops::square_matrices(op, lu.sizes()), sb = ops::matrices(op, b.sizes());
  check<ShapeError>((left ? sb.m : sb.n) == sa.n, "{}: LU is {}, B is {}; B must have {} {}", op, lu.sizes().str(), b.sizes().str(), sa.n,
                    left ? "rows" : "columns");
  check<ShapeError>(pivots.sizes() == sa.with({sa.n}), "{}: LU is {}, pivots are {}; pivots must be {}", op, lu.sizes().str(),
                    pivots.sizes().str(), sa.with({sa.n}).str());
  if (!left) return ops::hermitian_transpose(linalg::lu_solve(lu, pivots, ops::hermitian_transpose(b), true, !adjoint, site));
  const Y wide = ops::expand_batch(b, broadcast_shapes(op, sa.batch, sb.batch));
  if (!adjoint)
    return linalg::solve_triangular(lu, linalg::solve_triangular(lu, ops::permute_rows(pivots, wide, false), false, true, true, site), true,
                                    true, false, site);
  const Y lower = ops::hermitian_transpose(lu);  // U^H below, L^H above
  return ops::permute_rows(
      pivots, linalg::solve_triangular(lower, linalg::solve_triangular(lower, wide, false, true, false, site), true, true, true, site),
      true);
}

}  // namespace linalg

/// linalg::lu_solve with PyTorch's old order of arguments.
template <tensor_like B, tensor_like A, tensor_like I>
tensor_of<A> lu_solve(const B& b, const A& lu_data, const I& lu_pivots, Site site = Site::current()) {
  return linalg::lu_solve(lu_data, lu_pivots, b, true, false, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
