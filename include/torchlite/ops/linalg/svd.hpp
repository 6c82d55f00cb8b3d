// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/svd.hpp>
#include <torchlite/ops/linalg/matrices.hpp>
#include <torchlite/ops/shape/cat.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace linalg {
/// What linalg::svd returns: A = U diag(S) Vh.
template <class T, class D>
struct SvdResult {
  Tensor<T, D> U, S, Vh;
};
}  // namespace linalg

namespace ops {

/// Singular values, and vectors if asked for; without a graph.
template <class T, class D>
linalg::SvdResult<T, D> svd_plain(const char* op, const Tensor<T, D>& a, bool vectors, bool full) {
  check_devices(op, a);
  const MatrixShape s = matrices(op, a.sizes());
  const std::int64_t k = s.least();
  linalg::SvdResult<T, D> out;
  out.S = empty<T, D>(s.with({k}));
  if (vectors) {
    out.U = empty<T, D>(s.with({s.m, full ? s.m : k}));
    out.Vh = empty<T, D>(s.with({full ? s.n : k, s.n}));
  }
  const Tensor<T, D> from = dense(a);
  const Tensor<std::int32_t, D> failed = empty<std::int32_t, D>(s.batch);
  svd_batch(D{}, s.count, s.m, s.n, static_cast<const T*>(from.data()), out.S.data(), vectors ? out.U.data() : nullptr,
            vectors ? out.Vh.data() : nullptr, vectors, full, failed.data());
  check_converged(op, failed);
  return out;
}

/// U (((U^H gU made skew) / E) S + S ((V^H gV made skew) / E) + diag(gS)) V^H, E_ij = S_j^2 - S_i^2, and what gU and gV have
/// outside the spaces of U and V, divided by S. Source: Townsend, Differentiating the Singular Value Decomposition, 2016.
template <class T, class D>
Tensor<T, D> svd_gradient(const Tensor<T, D>& u, const Tensor<T, D>& s, const Tensor<T, D>& vh, const Tensor<T, D>& gu,
                          const Tensor<T, D>& gs, const Tensor<T, D>& gvh) {
  using Y = Tensor<T, D>;
  if (!gu.defined() && !gvh.defined()) return matmul(Y(u * unsqueeze(gs, -2)), vh);
  const std::int64_t m = u.sizes()[u.dim() - 2], n = vh.sizes().back(), k = s.sizes().back();
  const Y row = unsqueeze(s, -2), column = unsqueeze(s, -1), uh = hermitian_transpose(u), v = hermitian_transpose(vh);
  const Tensor<bool, D> same = on_diagonal<D>(k);
  const Y apart = where(same, T(1), (row - column) * (row + column));
  const auto turned = [&](const Y& inner) { return Y(where(same, T(0), (inner - hermitian_transpose(inner)) / apart)); };
  Y core = gs.defined() ? diagonal_matrices(gs) : Y();
  const auto add = [&core](const Y& part) { core = core.defined() ? Y(core + part) : part; };
  if (gu.defined()) add(turned(Y(matmul(uh, gu))) * row);
  if (gvh.defined()) add(column * turned(Y(matmul(vh, hermitian_transpose(gvh)))));
  Y out = matmul(matmul(u, core), vh);
  if (gu.defined() && m > k) out = out + matmul(Y((gu - matmul(u, Y(matmul(uh, gu)))) / row), vh);
  if (gvh.defined() && n > k) out = out + matmul(u, Y((gvh - matmul(Y(matmul(gvh, v)), vh)) / column));
  return out;
}

}  // namespace ops

namespace linalg {

/// A = U diag(S) Vh with orthonormal columns of U and rows of Vh, S not negative and descending, by Jacobi rotations.
///   A [..., m, n], k = min(m, n) -> U [..., m, m], S [..., k], Vh [..., n, n]; without full_matrices U [..., m, k], Vh [..., k, n]
/// Signs of pairs of vectors are arbitrary, and the gradient right only for functions that do not depend on them; where singular
/// values coincide it is infinite or NaN. What full_matrices adds to U and Vh has no gradient. Small singular values are as accurate
/// as the matrix determines them. Throws Error for infinities and NaNs.
template <tensor_like A>
auto svd(const A& a_, bool full_matrices = true, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "linalg.svd needs float or double; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  SvdResult<T, D> out = ops::svd_plain("linalg.svd", a, true, full_matrices);
  if (!autograd::needed(a)) return out;
  const auto all = autograd::record(
      "linalg_svd", site, std::vector<Y>{out.U, out.S, out.Vh}, autograd::inputs(a),
      [u = autograd::save_output(out.U), s = autograd::save_output(out.S), vh = autograd::save_output(out.Vh)](const autograd::Pass& pass,
                                                                                                               const std::vector<Y>& g) {
        const std::int64_t k = s.get().sizes().back();
        const auto columns = [k](const Y& x) { return x.defined() && x.sizes().back() > k ? Y(narrow(x, -1, 0, k)) : x; };
        const auto rows = [k](const Y& x) { return x.defined() && x.sizes()[x.dim() - 2] > k ? Y(narrow(x, -2, 0, k)) : x; };
        return ops::svd_gradient(columns(pass.output(u, 0)), pass.output(s, 1), rows(pass.output(vh, 2)), columns(g[0]), g[1], rows(g[2]));
      });
  out.U = all[0], out.S = all[1], out.Vh = all[2];
  return out;
}

/// The singular values of each matrix, descending.
///   A [..., m, n] -> [..., min(m, n)]
template <tensor_like A>
tensor_of<A> svdvals(const A& a_, Site site = Site::current()) {
  static_assert(factorable<value_t<A>>, "linalg.svdvals needs float or double; cast first: x.to<float>()");
  const auto& a = eval(a_, site);
  if (autograd::needed(a)) return linalg::svd(a, false, site).S;
  return ops::svd_plain("linalg.svdvals", a, false, false).S;
}

}  // namespace linalg

/// What svd returns: A = U diag(S) V^T.
template <class T, class D>
struct SvdResult {
  Tensor<T, D> U, S, V;
};

/// linalg::svd by its old name, with V in place of its transpose: V [..., n, k], or [..., n, n] if not some. Without compute_uv
/// U and V are zeros [..., m, m] and [..., n, n].
template <tensor_like A>
auto svd(const A& a_, bool some = true, bool compute_uv = true, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  const Tensor<T, D>& a = eval(a_, site);
  const ops::MatrixShape s = ops::matrices("svd", a.sizes());
  if (!compute_uv) return SvdResult<T, D>{zeros<T, D>(s.with({s.m, s.m})), linalg::svdvals(a, site), zeros<T, D>(s.with({s.n, s.n}))};
  const auto f = linalg::svd(a, !some, site);
  return SvdResult<T, D>{f.U, f.S, ops::hermitian_transpose(f.Vh)};
}

}  // namespace torchlite::inline TORCHLITE_ABI
