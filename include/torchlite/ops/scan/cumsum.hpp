// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/scan.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/tensor/check_devices.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

template <class T, class D>
Tensor<sum_t<T>, D> running_sum(const Tensor<T, D>& x, int axis, bool reverse, Site site) {
  check_devices("cumsum", x);
  Tensor<sum_t<T>, D> out = empty<sum_t<T>, D>(x.sizes());
  const Tensor<T, D> from = dense(x);
  if (out.numel() > 0) cumulative_sum(D{}, rows_around(x.sizes(), axis), reverse, static_cast<const T*>(from.data()), out.data());
  if constexpr (differentiable<T>)
    if (autograd::needed(x))
      return autograd::record(
          "cumsum", site, std::move(out), autograd::inputs(x),
          [axis, reverse, site](const autograd::Pass&, const Tensor<T, D>& g) { return running_sum(g, axis, !reverse, site); });
  return out;
}

}  // namespace ops

/// Running sums along a dimension: y_i = x_0 + ... + x_i, carried in double.
///   x [...] -> [...], int64 for integers and bool
template <tensor_like X>
auto cumsum(const X& x_, std::int64_t dim, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return ops::running_sum(x, normalize_axis("cumsum", dim, x.dim()), false, site);
}
/// The same of x as dtype To: cumsum<double>(x, 0).
template <dtype To, tensor_like X>
auto cumsum(const X& x, std::int64_t dim, Site site = Site::current()) {
  return cumsum(to<To>(eval(x, site)), dim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
