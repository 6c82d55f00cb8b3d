// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/scan/recurrence.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

template <class T, class D>
Tensor<sum_t<T>, D> running_product(const Tensor<T, D>& x, int axis, Site site) {
  check_devices("cumprod", x);
  Tensor<sum_t<T>, D> out = empty<sum_t<T>, D>(x.sizes());
  const Tensor<T, D> from = dense(x);
  if (out.numel() > 0) cumulative_product(D{}, rows_around(x.sizes(), axis), static_cast<const T*>(from.data()), out.data());
  if constexpr (differentiable<T>)
    if (autograd::needed(x))
      return autograd::record(
          "cumprod", site, out, autograd::inputs(x),
          [x = autograd::save(x), out = autograd::save_output(out), axis](const autograd::Pass& pass, const Tensor<T, D>& g) {
            const Tensor<T, D>& factors = x.get();
            if (factors.numel() == 0 || factors.dim() == 0) return g;
            // dx_k = (x_0 ... x_(k-1)) s_k with s_k = g_k + x_(k+1) s_(k+1): right where factors are 0, too.
            const Tensor<T, D> s = recurrence(shifted(Tensor<T, D>(conj(factors)), axis, true, 0), g, axis, true);
            return Tensor<T, D>(mul(conj(shifted(pass.output(out), axis, false, 1)), s));
          });
  return out;
}

}  // namespace ops

/// Running products along a dimension: y_i = x_0 * ... * x_i, carried in double.
///   x [...] -> [...], int64 for integers and bool
/// The gradient takes one pass and is right where factors are 0, at any order.
template <tensor_like X>
auto cumprod(const X& x_, std::int64_t dim, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return ops::running_product(x, normalize_axis("cumprod", dim, x.dim()), site);
}
/// The same of x as dtype To: cumprod<double>(x, 0).
template <dtype To, tensor_like X>
auto cumprod(const X& x, std::int64_t dim, Site site = Site::current()) {
  return cumprod(to<To>(eval(x, site)), dim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
