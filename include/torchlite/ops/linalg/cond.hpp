// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/matrix_norm.hpp>
#include <torchlite/ops/linalg/solve.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace linalg {

/// The condition number: ||A|| ||A^-1|| in the norm of order p, by default the largest singular value through the least one.
///   A [..., n, n], or [..., m, n] for p of 2 or -2 -> [...]; infinity for a singular matrix, NaN for one of zeros
template <tensor_like A>
tensor_of<A> cond(const A& a_, const Order& p = {}, Site site = Site::current()) {
  using T = value_t<A>;
  using Y = tensor_of<A>;
  static_assert(factorable<T>, "linalg.cond needs float or double; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  const bool singular_values = p.kind() == Order::Kind::none || (p.kind() == Order::Kind::number && (p.p() == 2 || p.p() == -2));
  if (singular_values) {
    const ops::MatrixShape s = ops::matrices("linalg.cond", a.sizes());
    if (s.least() == 0) return zeros<T, device_t<A>>(s.batch);
    const Y values = linalg::svdvals(a, site);
    const Y most = select(values, -1, 0, site), least = select(values, -1, s.least() - 1, site);
    return (p.p() == -2 ? least / most : most / least).eval(site);
  }
  const ops::MatrixShape s = ops::square_matrices("linalg.cond", a.sizes());
  if (s.n == 0) return zeros<T, device_t<A>>(s.batch);
  const auto inverse = linalg::inv_ex(a, false, site);
  const Y size = linalg::matrix_norm(a, p, {-2, -1}, false, site) * linalg::matrix_norm(inverse.inverse, p, {-2, -1}, false, site);
  return where(ne(inverse.info, 0), std::numeric_limits<T>::infinity(), size).eval(site);
}

}  // namespace linalg
}  // namespace torchlite::inline TORCHLITE_ABI
