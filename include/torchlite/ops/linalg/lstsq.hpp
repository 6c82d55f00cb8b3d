// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/pinv.hpp>
#include <torchlite/ops/linalg/qr.hpp>
#include <torchlite/ops/linalg/solve.hpp>
#include <torchlite/ops/pointwise/square.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace linalg {

/// What lstsq returns; what the driver does not compute has no elements.
template <class T, class D>
struct LstsqResult {
  Tensor<T, D> solution, residuals;
  Tensor<std::int64_t, D> rank;
  Tensor<T, D> singular_values;
};

/// The X of least length among those that make ||A X - B|| least.
///   A [..., m, n], B [..., m, k], or [..., m] with A's batch -> solution [..., n, k], residuals [..., k]: the squared lengths of
///   A X - B if m > n and A has full rank (not for "gelsy")
///   driver: "gels" (QR; A must have full rank, rank is not computed), "gelsy" (the default), "gelsd" or "gelss" (these two give
///   singular_values, too); the last three take singular values up to rcond times the largest one for zero, by default
///   max(m, n) * epsilon
/// Differentiable in A and B for a constant rank. Throws Error for an unknown driver, ShapeError if the sizes do not fit.
template <tensor_like A, tensor_like B>
auto lstsq(const A& a_, const B& b_, std::optional<double> rcond = {}, std::string_view driver = "gelsy", Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "linalg.lstsq needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<T, value_t<B>>, "linalg.lstsq needs operands of one dtype; cast one with to<T>()");
  const char* op = "linalg.lstsq";
  const Y& a0 = eval(a_, site);
  const Y& b0 = eval(b_, site);
  const ops::MatrixShape s = ops::matrices(op, a0.sizes());
  check<Error>(driver == "gels" || driver == "gelsy" || driver == "gelsd" || driver == "gelss",
               "{}: driver is \"{}\"; it must be \"gels\", \"gelsy\", \"gelsd\" or \"gelss\"", op, driver);
  check<ShapeError>(b0.dim() >= 1, "{}: B has no dimensions; it must hold vectors or matrices", op);
  const bool vectors = ops::is_vector_side(a0.sizes(), b0.sizes());
  check<ShapeError>(vectors || b0.dim() == a0.dim(), "{}: A is {}, B is {}; B must have as many dimensions as A, or one less", op,
                    a0.sizes().str(), b0.sizes().str());
  const Y b1 = vectors ? Y(unsqueeze(b0, -1)) : b0;
  check<ShapeError>(b1.sizes()[b1.dim() - 2] == s.m, "{}: A is {}, B is {}; B must have as many rows as A", op, a0.sizes().str(),
                    b0.sizes().str());
  const Shape batch = broadcast_shapes(op, s.batch, Shape(b1.sizes().begin(), b1.sizes().end() - 2));
  const Y a = ops::expand_batch(a0, batch), b = ops::expand_batch(b1, batch);

  LstsqResult<T, D> out;
  out.residuals = out.singular_values = empty<T, D>({0});
  out.rank = empty<std::int64_t, D>({0});
  Y x;
  bool full_rank = true;
  {
    const NoGradGuard guard;
    if (driver == "gels") {
      if (s.m >= s.n) {
        const auto f = linalg::qr(a);
        x = linalg::solve_triangular(f.R, Y(matmul(ops::hermitian_transpose(f.Q), b)), true);
      } else {
        const auto f = linalg::qr(ops::hermitian_transpose(a));
        x = matmul(f.Q, linalg::solve_triangular(ops::hermitian_transpose(f.R), b, false));
      }
    } else {
      const SvdResult<T, D> f = ops::svd_plain(op, a, true, false);
      ops::MatrixShape whole = s;
      whole.batch = batch;
      const Tensor<bool, D> counts = ops::above_tolerance(f.S, Tolerance{.rtol = rcond}, whole);
      const Y inverse = where(counts, T(1) / where(counts, f.S, T(1)), T(0));
      x = matmul(ops::hermitian_transpose(f.Vh), Y(unsqueeze(inverse, -1) * matmul(ops::hermitian_transpose(f.U), b)));
      out.rank = sum(counts, -1);
      if (driver != "gelsy") out.singular_values = f.S;
      for (const std::int64_t r : out.rank.to_vector()) full_rank = full_rank && r == s.n;
    }
  }
  if (autograd::needed(a, b))
    x = autograd::record("linalg_lstsq", site, x, autograd::inputs(a, b),
                         [a = autograd::save(a), b = autograd::save(b)](const autograd::Pass& pass, const Y& g) {
                           const Y p = linalg::pinv(a.get());
                           Y ga, gb;
                           if (pass.needs(0)) ga = ops::pinv_gradient(a.get(), p, Y(matmul(g, ops::hermitian_transpose(b.get()))));
                           if (pass.needs(1)) gb = matmul(ops::hermitian_transpose(p), g);
                           return std::tuple(ga, gb);
                         });
  if (s.m > s.n && driver != "gelsy" && full_rank) {
    out.residuals = sum(square(Y(matmul(a, x) - b)), -2);
    if (vectors) out.residuals = squeeze(out.residuals, -1);
  }
  out.solution = vectors ? Y(squeeze(x, -1)) : x;
  return out;
}

}  // namespace linalg
}  // namespace torchlite::inline TORCHLITE_ABI
