// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/scan/recurrence.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// The gradient of logcumsumexp: dx_k = e^(x_k - y_k) s_k with s_k = g_k + e^(y_k - y_(k+1)) s_(k+1). Sums of exponentials only
/// grow, so no exponent is positive and nothing overflows.
template <class T, class D>
Tensor<T, D> logcumsumexp_gradient(const Tensor<T, D>& x, const Tensor<T, D>& y, const Tensor<T, D>& g, int axis) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (x.numel() == 0 || x.dim() == 0) return g;
  // While all elements are -inf there is no difference to take; 0 stands in for y, and e^(x - 0) is 0.
  const Tensor<T, D> finite = where(eq(y, -infinity), 0, y);
  const Tensor<T, D> next = shifted(finite, axis, true, infinity);
  const Tensor<T, D> growth = exp(where(eq(y, -infinity), -infinity, finite - next));
  const Tensor<T, D> s = recurrence(growth, g, axis, true);
  return exp(x - finite) * s;
}

}  // namespace ops

/// Running log-sums along a dimension: y_i = log(e^x_0 + ... + e^x_i), safe against overflow, carried in double.
///   x [...] -> [...], same dtype
template <tensor_like X>
auto logcumsumexp(const X& x_, std::int64_t dim, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(floating<T>, "logcumsumexp needs a floating dtype; cast first: x.to<float>()");
  const Tensor<T, D>& x = eval(x_, site);
  check_devices("logcumsumexp", x);
  const int axis = normalize_axis("logcumsumexp", dim, x.dim());
  Tensor<T, D> out = empty<T, D>(x.sizes());
  const Tensor<T, D> from = ops::dense(x);
  if (out.numel() > 0) cumulative_logsumexp(D{}, ops::rows_around(x.sizes(), axis), static_cast<const T*>(from.data()), out.data());
  if (!autograd::needed(x)) return out;
  return autograd::record(
      "logcumsumexp", site, out, autograd::inputs(x),
      [x = autograd::save(x), out = autograd::save_output(out), axis](const autograd::Pass& pass, const Tensor<T, D>& g) {
        return ops::logcumsumexp_gradient(x.get(), pass.output(out), g, axis);
      });
}

}  // namespace torchlite::inline TORCHLITE_ABI
