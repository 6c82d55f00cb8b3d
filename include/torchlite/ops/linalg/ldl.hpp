// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/ldl.hpp>
#include <torchlite/ops/linalg/matrices.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace linalg {

template <class T, class D>
struct LdlFactorResult {
  Tensor<T, D> LD;
  Tensor<std::int32_t, D> pivots;
};
template <class T, class D>
struct LdlFactorExResult {
  Tensor<T, D> LD;
  Tensor<std::int32_t, D> pivots, info;
};

/// P L D L^T P^T = A for symmetric, perhaps indefinite matrices, of which the lower triangle is read; D has blocks of size 1 and 2.
///   A [..., n, n] -> LD [..., n, n], pivots [..., n] as LAPACK's sytrf gives them, info [...]: the number of the first block of D
///   that is zero, from 1, or 0
/// Has no gradient. Throws Error for a zero block with check_errors.
template <tensor_like A>
auto ldl_factor_ex(const A& a_, bool hermitian = false, bool check_errors = false, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  static_assert(factorable<T>, "linalg.ldl_factor needs float or double; cast first: x.to<float>()");
  static_cast<void>(hermitian);  // the same for real matrices
  const Tensor<T, D>& a = eval(a_, site);
  check_devices("linalg.ldl_factor_ex", a);
  const ops::MatrixShape s = ops::square_matrices("linalg.ldl_factor_ex", a.sizes());
  LdlFactorExResult<T, D> out{ops::fresh_copy(a), empty<std::int32_t, D>(s.with({s.n})), empty<std::int32_t, D>(s.batch)};
  ldl_factor(D{}, s.count, s.n, out.LD.data(), out.pivots.data(), out.info.data());
  if (check_errors) ops::check_info("linalg.ldl_factor_ex", out.info, "singular", "the diagonal block", "of D is zero");
  return out;
}
/// ldl_factor_ex that throws Error for a singular D.
template <tensor_like A>
auto ldl_factor(const A& a, bool hermitian = false, Site site = Site::current()) {
  const auto f = linalg::ldl_factor_ex(a, hermitian, false, site);
  ops::check_info("linalg.ldl_factor", f.info, "singular", "the diagonal block", "of D is zero");
  return LdlFactorResult<value_t<A>, device_t<A>>{f.LD, f.pivots};
}

/// The solution of A X = B from ldl_factor's factors. Has no gradient. The host looks at the pivots, and waits for them on Cuda.
///   LD [..., n, n], pivots [..., n], B [..., n, k] -> [..., n, k], batch dimensions broadcast
template <tensor_like A, tensor_like I, tensor_like B>
tensor_of<A> ldl_solve(const A& ld_, const I& pivots_, const B& b_, bool hermitian = false, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  static_assert(factorable<T>, "linalg.ldl_solve needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<value_t<I>, std::int32_t>,
                "linalg.ldl_solve: pivots are int32, as ldl_factor gives them; cast with to<std::int32_t>()");
  static_cast<void>(hermitian);
  const Tensor<T, D>& ld = eval(ld_, site);
  const Tensor<T, D>& b = eval(b_, site);
  const Tensor<std::int32_t, D>& pivots = eval(pivots_, site);
  check_devices("linalg.ldl_solve", ld, pivots, b);
  const ops::MatrixShape sa = ops::square_matrices("linalg.ldl_solve", ld.sizes()), sb = ops::matrices("linalg.ldl_solve", b.sizes());
  check<ShapeError>(sb.m == sa.n, "linalg.ldl_solve: LD is {}, B is {}; B must have as many rows as LD", ld.sizes().str(), b.sizes().str());
  check<ShapeError>(pivots.sizes() == sa.with({sa.n}), "linalg.ldl_solve: LD is {}, pivots are {}; pivots must be {}", ld.sizes().str(),
                    pivots.sizes().str(), sa.with({sa.n}).str());
  const NoGradGuard guard;
  ops::MatrixShape out = sb;
  out.batch = broadcast_shapes("linalg.ldl_solve", sa.batch, sb.batch);
  const Tensor<T, D> x = ops::fresh_copy(ops::expand_batch(b.detach(), out.batch)),
                     factors = ops::dense(ops::expand_batch(ld.detach(), out.batch));
  const Tensor<std::int32_t, D> order = ops::dense(expand(pivots, out.with({sa.n})));
  const std::int64_t n = sa.n;
  const std::vector<std::int32_t> given = order.to_vector();
  for (std::int64_t i = 0; i < order.numel(); ++i) {
    // The second half of a block of two must follow its first half.
    const std::int32_t* const here = given.data() + i;
    const std::int64_t p = *here, at = i % n;
    check<IndexError>(p != 0 && p >= -n && p <= n, "linalg.ldl_solve: pivot {} is out of range for matrices of {} rows", p, n);
    bool pair = p > 0;
    if (p < 0) {
      std::int64_t first = at;
      while (first > 0 && here[first - 1 - at] < 0) --first;
      pair = (at - first) % 2 == 1 || (at + 1 < n && here[1] < 0);
    }
    check<IndexError>(pair, "linalg.ldl_solve: pivot {} at {} is negative, and so must be the one beside it", p, at);
  }
  ldl_solve(D{}, out.batch.numel(), n, sb.n, static_cast<const T*>(factors.data()), static_cast<const std::int32_t*>(order.data()),
            x.data());
  return x;
}

}  // namespace linalg
}  // namespace torchlite::inline TORCHLITE_ABI
