// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/eig.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/view_as_real.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// The inverses of complex matrices.
template <class C, class D>
Tensor<C, D> inverse_of_vectors(const Tensor<C, D>& x) {
  Tensor<C, D> out = empty<C, D>(x.sizes());
  const Tensor<C, D> from = dense(x);
  const std::int64_t n = x.sizes().back();
  if (out.numel() > 0) invert_matrices(D{}, out.numel() / (n * n), n, static_cast<const C*>(from.data()), out.data());
  if (!autograd::needed(x)) return out;
  return autograd::record("linalg_inv", Site{}, out, autograd::inputs(x),
                          [out = autograd::save_output(out)](const autograd::Pass& pass, const Tensor<C, D>& g) {
                            const Tensor<C, D> y = transpose(Tensor<C, D>(conj(pass.output(out))), -2, -1);
                            return Tensor<C, D>(neg(matmul(matmul(y, g), y)));
                          });
}

/// V^-H (diag(gw) + (V^H gV - V^H V Re diag(V^H gV)) / (conj(w_j) - conj(w_i)) off the diagonal) V^H: the length and the direction of an
/// eigenvector are fixed, so that part of gV does not count.
/// Source: Boeddeker et al., "On the computation of complex-valued gradients with application to statistically optimum beamforming", 2017.
template <class C, class D>
Tensor<C, D> eig_gradient(const Tensor<C, D>& w, const Tensor<C, D>& v, const Tensor<C, D>& gw, const Tensor<C, D>& gv) {
  using Y = Tensor<C, D>;
  using R = real_t<C>;
  const Y vh = transpose(Y(conj(v)), -2, -1), to_left = inverse_of_vectors(vh);
  Y core;
  if (gv.defined()) {
    const Tensor<R, D> along = real(sum(conj(v) * gv, Axes(-2), true));
    const Y inner = matmul(vh, Y(gv - v * along)), own = conj(w);
    const Tensor<bool, D> same = eye<bool, D>(w.sizes().back());
    core = where(same, 0, inner / where(same, 1, unsqueeze(own, -2) - unsqueeze(own, -1)));
    if (gw.defined()) core = core + where(same, unsqueeze(gw, -1), 0);
    core = matmul(core, vh);
  } else {
    core = unsqueeze(gw, -1) * vh;
  }
  return matmul(to_left, core);
}

/// The device's kernel; the number of the first matrix without a result, or -1.
template <class T, class D>
std::int64_t find_eigenvalues(const Tensor<T, D>& a, complex_t<T>* values, complex_t<T>* vectors) {
  const Tensor<T, D> from = dense(a);
  const std::int64_t n = a.sizes().back();
  return eig(D{}, a.numel() / (n * n), n, static_cast<const T*>(from.data()), values, vectors);
}

template <class T, class D>
Shape check_eig_input(const char* op, const Tensor<T, D>& a) {
  static_assert(std::is_same_v<real_t<T>, float> || std::is_same_v<real_t<T>, double>,
                "eig needs float, double or their complex numbers; cast first: x.to<float>()");
  check_devices(op, a);
  check<ShapeError>(a.dim() >= 2 && a.sizes().back() == a.sizes()[a.dim() - 2],
                    "{}: a tensor of shape {} holds no square matrices; its last two sizes must be equal", op, a.sizes().str());
  return Shape(a.sizes().begin(), a.sizes().end() - 1);
}

}  // namespace ops

namespace linalg {

/// What eig returns: A V = V diag(w).
template <class C, class D>
struct EigResult {
  Tensor<C, D> eigenvalues, eigenvectors;
};

/// Eigenvalues and eigenvectors of general matrices, which are complex even if the matrices are real.
///   A [..., n, n] -> eigenvalues [..., n], eigenvectors [..., n, n], in columns of length 1
/// The order is the one in which the QR algorithm finds them; conjugate pairs stand side by side. The errors of eigenvalues are about 1e-15
/// times the norm of A times their condition numbers. The direction e^(i phi) of a vector is arbitrary, and the gradient right only for
/// functions that do not depend on it; where eigenvalues coincide it is infinite or NaN. Throws Error for infinities and NaNs.
template <tensor_like A>
auto eig(const A& a_, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using C = complex_t<T>;
  using Y = Tensor<C, D>;
  const auto& a = eval(a_, site);
  const Shape sizes = ops::check_eig_input("linalg.eig", a);
  EigResult<C, D> out{empty<C, D>(sizes), empty<C, D>(a.sizes())};
  if (a.numel() > 0) {
    const std::int64_t failed = ops::find_eigenvalues(a, out.eigenvalues.data(), out.eigenvectors.data());
    check<Error>(failed < 0, "linalg.eig: matrix {} of the batch has infinities or NaNs, or its eigenvalues were not found", failed);
  }
  if (!autograd::needed(a)) return out;
  const auto both = autograd::record("linalg_eig", site, std::vector<Y>{out.eigenvalues, out.eigenvectors}, autograd::inputs(a),
                                     [w = autograd::save_output(out.eigenvalues), v = autograd::save_output(out.eigenvectors)](
                                         const autograd::Pass& pass, const std::vector<Y>& g) {
                                       const Y gradient = ops::eig_gradient(pass.output(w, 0), pass.output(v, 1), g[0], g[1]);
                                       if constexpr (complex_number<T>) return gradient;
                                       else return Tensor<T, D>(make_expression<Cast<T>>(gradient));
                                     });
  out.eigenvalues = both[0], out.eigenvectors = both[1];
  return out;
}

/// The eigenvalues of general matrices.
///   A [..., n, n] -> [..., n] complex
template <tensor_like A>
auto eigvals(const A& a_, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using C = complex_t<T>;
  const auto& a = eval(a_, site);
  if (autograd::needed(a)) return linalg::eig(a, site).eigenvalues;
  const Shape sizes = ops::check_eig_input("linalg.eigvals", a);
  Tensor<C, D> out = empty<C, D>(sizes);
  if (a.numel() > 0) {
    const std::int64_t failed = ops::find_eigenvalues(a, out.data(), static_cast<C*>(nullptr));
    check<Error>(failed < 0, "linalg.eigvals: matrix {} of the batch has infinities or NaNs, or its eigenvalues were not found", failed);
  }
  return out;
}

}  // namespace linalg
}  // namespace torchlite::inline TORCHLITE_ABI
