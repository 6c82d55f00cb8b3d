// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/index.hpp>
#include <torchlite/backend/cpu/linalg/lu.hpp>
#include <torchlite/ops/linalg/solve_triangular.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/shape/cat.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// P L U = A, packed; without a graph.
template <class T, class D>
struct Factored {
  Tensor<T, D> lu;
  Tensor<std::int32_t, D> pivots, info;
};
template <class T, class D>
Factored<T, D> factor(const char* op, const Tensor<T, D>& a, bool pivot = true) {
  check_devices(op, a);
  const MatrixShape s = matrices(op, a.sizes());
  Factored<T, D> f{fresh_copy(a), empty<std::int32_t, D>(s.with({s.least()})), empty<std::int32_t, D>(s.batch)};
  lu_factor(D{}, s.count, s.m, s.n, f.lu.data(), f.pivots.data(), f.info.data(), pivot);
  return f;
}

/// The rows of x [..., m, k] put where P (or its transpose) puts them; differentiable in x.
template <class T, class D>
Tensor<T, D> permute_rows(const Tensor<std::int32_t, D>& pivots, const Tensor<T, D>& x, bool back) {
  check_devices("lu", x, pivots);
  const MatrixShape s = matrices("lu", x.sizes());
  const std::int64_t k = pivots.sizes().back();
  check<ShapeError>(k <= s.m, "lu: {} pivots for {} rows; there can be no more pivots than rows", k, s.m);
  Shape of_pivots = s.batch;
  of_pivots.push_back(k);
  const Tensor<std::int32_t, D> list = dense(expand(pivots, of_pivots));
  Tensor<T, D> out = fresh_copy(x);
  const Tensor<std::int64_t, D> numbers = to<std::int64_t>(list);
  const backend::RangeCheck range = check_range(D{}, strided_memory(numbers), 1, s.m);
  check<IndexError>(range.ok, "lu: pivot {} is out of range for matrices of {} rows; it must be in [1, {}]", range.offender, s.m, s.m);
  exchange_all_rows(D{}, s.count, backend::ExchangeRows<T>{k, list.data(), back, s.m, s.n, out.data()});
  if (!autograd::needed(x)) return out;
  return autograd::record("lu_permutation", Site{}, std::move(out), autograd::inputs(x),
                          [pivots, back](const autograd::Pass&, const Tensor<T, D>& g) { return permute_rows(pivots, g, !back); });
}

/// The gradient of the packed factors of A = P L U. For square A it is P L^-H (tril(L^H g, -1) + triu(g U^H)) U^-H (Murray,
/// Differentiation of the Cholesky decomposition, 2016, has the method); what a wide or a tall A has besides its square part
/// is solved for and adds to the gradient of L or of U.
template <class T, class D>
Tensor<T, D> lu_gradient(const Tensor<T, D>& lu, const Tensor<std::int32_t, D>& pivots, const Tensor<T, D>& g) {
  using Y = Tensor<T, D>;
  const MatrixShape s = matrices("lu", lu.sizes());
  const std::int64_t k = s.least();
  const auto square = [k](const Y& x) { return Y(narrow(narrow(x, -1, 0, k), -2, 0, k)); };
  const Y core = square(lu), g1 = square(g);
  const Y lower = tril(core, -1) + eye<T, D>(k), upper = triu(core);
  Y phi_l = matmul(hermitian_transpose(lower), Y(tril(g1, -1))), phi_u = matmul(Y(triu(g1)), hermitian_transpose(upper));
  Y rest;
  if (s.n > k) {
    const Y u2 = narrow(lu, -1, k, s.n - k), g2 = narrow(g, -1, k, s.n - k);
    phi_l = phi_l - matmul(g2, hermitian_transpose(u2));
    rest = linalg::solve_triangular(hermitian_transpose(lower), g2, true, true, true);
  } else if (s.m > k) {
    const Y l2 = narrow(lu, -2, k, s.m - k), g2 = narrow(g, -2, k, s.m - k);
    phi_u = phi_u - matmul(hermitian_transpose(l2), g2);
    rest = linalg::solve_triangular(hermitian_transpose(upper), g2, false, false);
  }
  const Y phi = tril(phi_l, -1) + triu(phi_u);
  Y out = linalg::solve_triangular(hermitian_transpose(upper), phi, false, false);
  out = linalg::solve_triangular(hermitian_transpose(lower), out, true, true, true);
  if (rest.defined()) out = cat({out, rest}, s.n > k ? -1 : -2);
  return permute_rows(pivots, out, true);
}

}  // namespace ops

/// What lu_unpack and linalg::lu return; P is a permutation matrix without a gradient.
template <class T, class D>
struct LuResult {
  Tensor<T, D> P, L, U;
};

namespace linalg {

template <class T, class D>
struct LuFactorResult {
  Tensor<T, D> LU;
  Tensor<std::int32_t, D> pivots;
};
template <class T, class D>
struct LuFactorExResult {
  Tensor<T, D> LU;
  Tensor<std::int32_t, D> pivots, info;
};

/// P L U = A by elimination with partial pivoting; L (without its ones) and U share one matrix.
///   A [..., m, n] -> LU [..., m, n], pivots [..., min(m, n)] from 1: row i was exchanged with row pivots[i] - 1,
///   info [...]: the number of the first zero on U's diagonal, from 1, or 0
/// Without pivot no rows are exchanged, and accuracy is not guaranteed. Throws Error for a zero with check_errors.
template <tensor_like A>
auto lu_factor_ex(const A& a_, bool pivot = true, bool check_errors = false, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  static_assert(solvable<T>, "linalg.lu_factor needs float or double; cast first: x.to<float>()");
  const Tensor<T, D>& a = eval(a_, site);
  ops::Factored<T, D> f = ops::factor("linalg.lu_factor", a, pivot);
  if (check_errors) ops::check_not_singular("linalg.lu_factor_ex", f.info);
  if (autograd::needed(a))
    f.lu = autograd::record("linalg_lu_factor", site, f.lu, autograd::inputs(a),
                            [lu = autograd::save_output(f.lu), pivots = f.pivots](const autograd::Pass& pass, const Tensor<T, D>& g) {
                              return ops::lu_gradient(pass.output(lu), pivots, g);
                            });
  return LuFactorExResult<T, D>{f.lu, f.pivots, f.info};
}

/// lu_factor_ex that throws Error for a zero on U's diagonal, since nothing can be solved with it.
template <tensor_like A>
auto lu_factor(const A& a, bool pivot = true, Site site = Site::current()) {
  const auto f = linalg::lu_factor_ex(a, pivot, false, site);
  ops::check_not_singular("linalg.lu_factor", f.info);
  return LuFactorResult<value_t<A>, device_t<A>>{f.LU, f.pivots};
}

}  // namespace linalg

/// The factors that lu_factor packed.
///   LU_data [..., m, n], LU_pivots [..., k] -> P [..., m, m], L [..., m, k], U [..., k, n], k = min(m, n)
/// What is not asked for is undefined.
template <tensor_like A, tensor_like I>
auto lu_unpack(const A& lu_data, const I& lu_pivots, bool unpack_data = true, bool unpack_pivots = true, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(std::is_same_v<value_t<I>, std::int32_t>,
                "lu_unpack: pivots are int32, as lu_factor gives them; cast with to<std::int32_t>()");
  const Y& lu = eval(lu_data, site);
  const Tensor<std::int32_t, D>& pivots = eval(lu_pivots, site);
  const ops::MatrixShape s = ops::matrices("lu_unpack", lu.sizes());
  check<ShapeError>(!unpack_pivots || pivots.sizes() == s.with({s.least()}), "lu_unpack: LU is {}, pivots are {}; pivots must be {}",
                    lu.sizes().str(), pivots.sizes().str(), s.with({s.least()}).str());
  LuResult<T, D> out;
  if (unpack_pivots) {
    ops::MatrixShape rows = s;
    rows.n = rows.m;
    out.P = ops::permute_rows(pivots, ops::identities<T, D>(rows), true);
  }
  if (unpack_data) {
    const std::int64_t k = s.least();
    out.L = tril(narrow(lu, -1, 0, k), -1, site) + eye<T, D>(s.m, k);
    out.U = triu(narrow(lu, -2, 0, k), 0, site);
  }
  return out;
}

namespace linalg {
/// P L U = A.
///   A [..., m, n] -> P [..., m, m], L [..., m, k], U [..., k, n], k = min(m, n); without pivot P is undefined
template <tensor_like A>
auto lu(const A& a, bool pivot = true, Site site = Site::current()) {
  const auto f = linalg::lu_factor_ex(a, pivot, false, site);
  return lu_unpack(f.LU, f.pivots, true, pivot, site);
}
}  // namespace linalg

/// linalg::lu_factor_ex by PyTorch's old name: LU, pivots, info.
template <tensor_like A>
auto lu(const A& a, bool pivot = true, Site site = Site::current()) {
  return linalg::lu_factor_ex(a, pivot, false, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
