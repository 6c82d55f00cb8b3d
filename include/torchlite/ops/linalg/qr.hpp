// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/qr.hpp>
#include <torchlite/ops/linalg/solve_triangular.hpp>
#include <torchlite/ops/shape/cat.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// What qr returns.
template <class T, class D>
struct QrResult {
  Tensor<T, D> Q, R;
};

namespace ops {

/// The gradient of A = Q R, Q [m, n], m >= n: (gQ + Q S) R^-H, S the lower triangle of R gR^H - gQ^H Q made symmetric.
/// Source: Seeger et al., Auto-Differentiating Linear Algebra, 2017 (there for LQ).
template <class T, class D>
Tensor<T, D> qr_gradient_tall(const Tensor<T, D>& q, const Tensor<T, D>& r, const Tensor<T, D>& gq, const Tensor<T, D>& gr) {
  using Y = Tensor<T, D>;
  Y m;
  if (gr.defined()) m = matmul(r, hermitian_transpose(gr));
  if (gq.defined()) {
    const Y part = matmul(hermitian_transpose(gq), q);
    m = m.defined() ? Y(m - part) : Y(neg(part));
  }
  const Y s = tril(m) + hermitian_transpose(Y(tril(m, -1)));
  Y right = matmul(q, s);
  if (gq.defined()) right = gq + right;
  return linalg::solve_triangular(hermitian_transpose(r), right, false, false);
}

/// The same for any A. A wide one is [X Z] with X = Q U square and Z = Q W: the gradient of W reaches Z, and X through Q.
template <class T, class D>
Tensor<T, D> qr_gradient(const Tensor<T, D>& a, const Tensor<T, D>& q, const Tensor<T, D>& r, const Tensor<T, D>& gq,
                         const Tensor<T, D>& gr) {
  using Y = Tensor<T, D>;
  const std::int64_t m = a.sizes()[a.dim() - 2], n = a.sizes().back();
  if (m >= n) return qr_gradient_tall(q, r, gq, gr);
  const Y u = narrow(r, -1, 0, m);
  if (!gr.defined()) {
    const Y gx = qr_gradient_tall(q, u, gq, gr);
    return cat({gx, Y(zeros_like(narrow(a, -1, m, n - m)))}, -1);
  }
  const Y z = narrow(a, -1, m, n - m), gw = narrow(gr, -1, m, n - m);
  const Y through = matmul(z, hermitian_transpose(gw));
  const Y gx = qr_gradient_tall(q, u, gq.defined() ? Y(gq + through) : through, Y(narrow(gr, -1, 0, m)));
  return cat({gx, Y(matmul(q, gw))}, -1);
}

}  // namespace ops

namespace linalg {

/// A = Q R, the columns of Q orthonormal and R upper triangular, by Householder reflections with LAPACK's signs.
///   A [..., m, n], k = min(m, n)
///   "reduced":  Q [..., m, k], R [..., k, n];  "complete": Q [..., m, m], R [..., m, n];  "r": only R [..., k, n], Q is empty
/// Throws Error for another mode, and where a gradient is asked for that is not determined: mode "r", and "complete" with m > n.
template <tensor_like A>
auto qr(const A& a_, std::string_view mode = "reduced", Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  static_assert(solvable<T>, "linalg.qr needs float or double; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  check_devices("linalg.qr", a);
  const ops::MatrixShape s = ops::matrices("linalg.qr", a.sizes());
  check<Error>(mode == "reduced" || mode == "complete" || mode == "r",
               "linalg.qr: mode is \"{}\"; it must be \"reduced\", \"complete\" or \"r\"", mode);
  const bool complete = mode == "complete", with_q = mode != "r";
  const std::int64_t k = s.least(), rows = complete ? s.m : k;
  QrResult<T, D> out;
  {
    const NoGradGuard guard;
    const Y packed = ops::fresh_copy(a), tau = empty<T, D>(s.with({k}));
    qr_factor(D{}, s.count, s.m, s.n, packed.data(), tau.data());
    out.R = triu(narrow(packed, -2, 0, rows));
    out.Q = empty<T, D>(with_q ? s.with({s.m, rows}) : Shape{0});
    if (with_q)
      form_qs(D{}, s.count, s.m, rows, k, static_cast<const T*>(packed.data()), s.n, static_cast<const T*>(tau.data()), out.Q.data());
  }
  if (!autograd::needed(a)) return out;
  const auto factors = autograd::record(
      "linalg_qr", site, std::vector<Y>{out.Q, out.R}, autograd::inputs(a),
      [a = autograd::save(a), q = autograd::save_output(out.Q), r = autograd::save_output(out.R), complete, with_q](
          const autograd::Pass& pass, const std::vector<Y>& g) {
        const Shape& sizes = a.get().sizes();
        check<Error>(with_q, "linalg.qr: mode \"r\" computes no Q, which the gradient needs; use \"reduced\"");
        check<Error>(!complete || sizes[sizes.rank() - 2] <= sizes.back(),
                     "linalg.qr: the gradient of mode \"complete\" is not determined for matrices of shape {}, which have more rows than "
                     "columns; use \"reduced\"",
                     sizes.str());
        return ops::qr_gradient(a.get(), pass.output(q, 0), pass.output(r, 1), g[0], g[1]);
      });
  out.Q = factors[0], out.R = factors[1];
  return out;
}

}  // namespace linalg

/// linalg::qr by its old name; not `some` is mode "complete".
template <tensor_like A>
auto qr(const A& a, bool some = true, Site site = Site::current()) {
  return linalg::qr(a, some ? "reduced" : "complete", site);
}

/// What geqrf returns: R and the vectors of the reflections below it, and their factors.
template <class T, class D>
struct GeqrfResult {
  Tensor<T, D> a, tau;
};

/// The reflections of QR as they are packed: A [..., m, n] -> a [..., m, n], tau [..., min(m, n)]. Has no gradient.
template <tensor_like A>
auto geqrf(const A& a_, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  static_assert(solvable<T>, "geqrf needs float or double; cast first: x.to<float>()");
  const Tensor<T, D>& a = eval(a_, site);
  check_devices("geqrf", a);
  const ops::MatrixShape s = ops::matrices("geqrf", a.sizes());
  GeqrfResult<T, D> out{ops::fresh_copy(a), empty<T, D>(s.with({s.least()}))};
  qr_factor(D{}, s.count, s.m, s.n, out.a.data(), out.tau.data());
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI
