// SPDX-License-Identifier: BSD-3-Clause
// Randomised decompositions of low rank. Follows Halko, Martinsson and Tropp, Finding Structure with Randomness, SIAM Review 53, 2011.
#pragma once
#include <torchlite/ops/linalg/qr.hpp>
#include <torchlite/ops/linalg/svd.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/reduce/mean.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {
/// svd_lowrank of A [..., m, n] from a start [min(m, n), q], which there is random.
template <class T, class D>
SvdResult<T, D> lowrank_from(const Tensor<T, D>& a, const Tensor<T, D>& start, std::int64_t niter, Site site) {
  using Y = Tensor<T, D>;
  const bool wide = a.sizes()[a.dim() - 2] < a.sizes().back();
  const Y b = wide ? hermitian_transpose(a) : a, bh = hermitian_transpose(b);
  Y basis = linalg::qr(matmul(b, start)).Q;
  for (std::int64_t i = 0; i < niter; ++i) basis = linalg::qr(matmul(b, linalg::qr(matmul(bh, basis)).Q)).Q;
  const auto f = linalg::svd(matmul(hermitian_transpose(basis), b), false, site);
  const Y left = matmul(basis, f.U), right = hermitian_transpose(f.Vh);
  return wide ? SvdResult<T, D>{right, f.S, left} : SvdResult<T, D>{left, f.S, right};
}
}  // namespace ops

/// About the q largest singular values of A, or of A - M, with their vectors: A is near U diag(S) V^T.
///   A [..., m, n], M like A or undefined -> U [..., m, q], S [..., q], V [..., n, q]
/// niter is how often the random start is improved. Random numbers come from the default generator. Throws Error for q < 0 or more
/// than min(m, n).
template <tensor_like A>
auto svd_lowrank(const A& a_, std::int64_t q = 6, std::int64_t niter = 2, const tensor_of<A>& M = {}, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "svd_lowrank needs float or double; cast first: x.to<float>()");
  Y a = eval(a_, site);
  const ops::MatrixShape s = ops::matrices("svd_lowrank", a.sizes());
  check<Error>(q >= 0 && q <= s.least(), "svd_lowrank: q is {} for matrices of shape {}; it must be in [0, {}]", q, a.sizes().str(),
               s.least());
  check<Error>(niter >= 0, "svd_lowrank: niter is {}; it cannot be negative", niter);
  if (M.defined()) a = a - expand(M, a.sizes(), site);
  return ops::lowrank_from(a, randn<T, D>({s.least(), q}), niter, site);
}

/// About the q principal components of the rows of A: svd_lowrank of A without the mean of its rows.
///   A [..., m, n] -> U [..., m, q], S [..., q], V [..., n, q]; q is min(6, m, n) by default
template <tensor_like A>
auto pca_lowrank(const A& a_, std::optional<std::int64_t> q = {}, bool center = true, std::int64_t niter = 2, Site site = Site::current()) {
  using Y = tensor_of<A>;
  const Y& a = eval(a_, site);
  const ops::MatrixShape s = ops::matrices("pca_lowrank", a.sizes());
  const std::int64_t count = q ? *q : (s.least() < 6 ? s.least() : 6);
  check<Error>(count >= 0 && count <= s.least(), "pca_lowrank: q is {} for matrices of shape {}; it must be in [0, {}]", count,
               a.sizes().str(), s.least());
  return svd_lowrank(center ? Y(a - mean(a, -2, true)) : a, count, niter, {}, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
