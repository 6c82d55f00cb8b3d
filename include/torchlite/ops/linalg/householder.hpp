// SPDX-License-Identifier: BSD-3-Clause
// Products of Householder reflections, as geqrf packs them.
#pragma once
#include <torchlite/ops/linalg/qr.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// c times the reflections of a one after the other, in recorded operations.
template <class T, class D>
Tensor<T, D> reflect_recorded(const Tensor<T, D>& a, const Tensor<T, D>& tau, Tensor<T, D> c, bool left, bool adjoint) {
  using Y = Tensor<T, D>;
  const std::int64_t m = a.sizes()[a.dim() - 2], count = tau.sizes().back();
  if (count == 0) return c + T(0);
  const Y vectors = tril(narrow(a, -1, 0, count), -1) + eye<T, D>(m, count);
  for (std::int64_t q = 0; q < count; ++q) {
    const std::int64_t j = left != adjoint ? count - 1 - q : q;
    const Y v = narrow(vectors, -1, j, 1), t = unsqueeze(narrow(tau, -1, j, 1), -1), h = hermitian_transpose(v);
    if (left) c = c - t * v * matmul(h, c);
    else c = c - t * matmul(c, v) * h;
  }
  return c;
}

inline void check_reflections(const char* op, const MatrixShape& s, const Shape& tau) {
  check<ShapeError>(s.m >= s.n, "{}: {} columns of {} rows; there can be no more columns than rows", op, s.n, s.m);
  check<ShapeError>(tau.rank() >= 1 && Shape(tau.begin(), tau.end() - 1) == s.batch && tau.back() <= s.n,
                    "{}: tau is {}; it must have the batch {} and at most {} elements, one for each column", op, tau.str(), s.batch.str(),
                    s.n);
}

}  // namespace ops

namespace linalg {

/// The first n columns of H_1 H_2 ... H_k, H_i = I - tau_i v_i v_i^T, where v_i has zeros above its i-th element, which is 1,
/// and the elements of A below the diagonal in its i-th column: Q of geqrf.
///   A [..., m, n], m >= n, tau [..., k], k <= n -> [..., m, n]
template <tensor_like A, tensor_like X>
tensor_of<A> householder_product(const A& a_, const X& tau_, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "linalg.householder_product needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<T, value_t<X>>, "linalg.householder_product needs operands of one dtype; cast one with to<T>()");
  const Y& a = eval(a_, site);
  const Y& tau = eval(tau_, site);
  check_devices("linalg.householder_product", a, tau);
  const ops::MatrixShape s = ops::matrices("linalg.householder_product", a.sizes());
  ops::check_reflections("linalg.householder_product", s, tau.sizes());
  if (autograd::needed(a, tau)) {
    const Y one = ops::fresh_copy(ops::expand_batch(eye<T, D>(s.m, s.n), s.batch));
    return ops::reflect_recorded(a, tau, one, true, false);
  }
  const Y packed = ops::dense(a), factors = ops::dense(tau), out = empty<T, D>(a.sizes());
  form_qs(D{}, s.count, s.m, s.n, tau.sizes().back(), static_cast<const T*>(packed.data()), s.n, static_cast<const T*>(factors.data()),
          out.data());
  return out;
}

}  // namespace linalg

/// linalg::householder_product by LAPACK's name.
template <tensor_like A, tensor_like X>
tensor_of<A> orgqr(const A& a, const X& tau, Site site = Site::current()) {
  return linalg::householder_product(a, tau, site);
}

/// Q other, Q^T other with transpose, other Q or other Q^T if not left, for the square Q of the reflections in a.
///   a [..., r, n], tau [..., k], other [..., m, c], r = m (left) or c -> [..., m, c]
template <tensor_like A, tensor_like X, tensor_like C>
tensor_of<A> ormqr(const A& a_, const X& tau_, const C& other_, bool left = true, bool transpose = false, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(factorable<T>, "ormqr needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<T, value_t<X>> && std::is_same_v<T, value_t<C>>, "ormqr needs operands of one dtype; cast with to<T>()");
  const Y& a = eval(a_, site);
  const Y& tau = eval(tau_, site);
  const Y& other = eval(other_, site);
  const ops::MatrixShape sa = ops::matrices("ormqr", a.sizes()), sc = ops::matrices("ormqr", other.sizes());
  const std::int64_t rows = left ? sc.m : sc.n;
  check_devices("ormqr", a, tau, other);
  check<ShapeError>(sa.m == rows, "ormqr: the reflections are {}, other is {}; other must have {} {}", a.sizes().str(), other.sizes().str(),
                    sa.m, left ? "rows" : "columns");
  check<ShapeError>(sa.batch == sc.batch, "ormqr: the reflections are {}, other is {}; their batch dimensions must be equal",
                    a.sizes().str(), other.sizes().str());
  check<ShapeError>(tau.dim() >= 1 && Shape(tau.sizes().begin(), tau.sizes().end() - 1) == sa.batch && tau.sizes().back() <= sa.least(),
                    "ormqr: tau is {}; it must have the batch {} and at most {} elements", tau.sizes().str(), sa.batch.str(), sa.least());
  if (autograd::needed(a, tau, other)) return ops::reflect_recorded(a, tau, other, left, transpose);
  const Y packed = ops::dense(a), factors = ops::dense(tau), out = ops::fresh_copy(other);
  reflect_batch(D{}, sc.count, tau.sizes().back(), static_cast<const T*>(packed.data()), sa.n, static_cast<const T*>(factors.data()), left,
                transpose, sc.m, sc.n, out.data());
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI
