// SPDX-License-Identifier: BSD-3-Clause
// The largest and the smallest element so far.
#pragma once
#include <torchlite/backend/cpu/scan.hpp>
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/reduce/extremes.hpp>
#include <torchlite/ops/reduce/rows.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

template <bool Largest, class T, class D>
ValuesAndIndices<T, D> running_extreme(const char* op, const Tensor<T, D>& x, std::int64_t dim, Site site) {
  check_devices(op, x);
  const int axis = normalize_axis(op, dim, x.dim());
  Tensor<std::int64_t, D> indices = empty<std::int64_t, D>(x.sizes());
  const Tensor<T, D> from = dense(x);
  if (indices.numel() > 0)
    cumulative_extreme<Largest>(D{}, rows_around(x.sizes(), axis), static_cast<const T*>(from.data()), indices.data());
  return {gather(x, axis, indices, site), indices};
}

}  // namespace ops

/// The largest element up to each along a dimension, and where it stands: auto [values, indices] = cummax(x, 0). The last of
/// equals counts; from a NaN on all values are NaN.
///   x [...] -> values, indices (int64) [...]
/// The gradient goes to the elements at the indices.
template <tensor_like X>
auto cummax(const X& x, std::int64_t dim, Site site = Site::current()) {
  return ops::running_extreme<true>("cummax", eval(x, site), dim, site);
}

/// The smallest element up to each along a dimension, and where it stands: auto [values, indices] = cummin(x, 0). The last of
/// equals counts; from a NaN on all values are NaN.
///   x [...] -> values, indices (int64) [...]
/// The gradient goes to the elements at the indices.
template <tensor_like X>
auto cummin(const X& x, std::int64_t dim, Site site = Site::current()) {
  return ops::running_extreme<false>("cummin", eval(x, site), dim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
