// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/sort.hpp>
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/tensor/check_devices.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Elements in a new order and where each of them was.
template <class T, class D>
struct Sorted {
  Tensor<T, D> values;
  Tensor<std::int64_t, D> indices;
};

namespace indexing {
/// The first `keep` positions of each row along axis in sorted order.
template <class T, class D>
Tensor<std::int64_t, D> sorted_positions(const Tensor<T, D>& x, int axis, std::int64_t keep, bool descending) {
  if (x.dim() == 0) {
    const Tensor<std::int64_t, D> zero = empty<std::int64_t, D>(Shape{});
    fill_elements(zero, std::int64_t{0});
    return zero;
  }
  check_devices("sort", x);
  const NoGradGuard no_grad;
  const Tensor<T, D> rows = contiguous(transpose(x, axis, -1));
  Shape sizes = rows.sizes();
  const std::int64_t n = sizes.back();
  sizes.back() = keep;
  const Tensor<std::int64_t, D> out = empty<std::int64_t, D>(sizes);
  if (out.numel() > 0) argsort<T>(D{}, rows.data(), rows.numel() / n, n, keep, descending, out.data());
  return contiguous(transpose(out, axis, -1));
}
}  // namespace indexing

/// Where each element of the sorted order along dim stands in x. Equal elements keep their order; NaN is the largest.
///   x [a, b] -> [a, b] int64
template <tensor_like X>
Tensor<std::int64_t, device_t<X>> argsort(const X& x_, std::int64_t dim = -1, bool descending = false) {
  const auto& x = eval(x_);
  const int axis = normalize_axis("argsort", dim, x.dim());
  return indexing::sorted_positions<value_t<X>, device_t<X>>(x, axis, x.dim() > 0 ? x.sizes()[axis] : 1, descending);
}

/// x sorted along dim, and where each element was. Always stable: equal elements keep their order; NaN is the largest.
///   x [a, b] -> values [a, b], indices [a, b]
template <tensor_like X>
Sorted<value_t<X>, device_t<X>> sort(const X& x_, std::int64_t dim = -1, bool descending = false, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  auto indices = argsort(x, dim, descending);
  return {gather(x, dim, indices, site), indices};
}

/// x sorted along its first dimension.
///   x [a, b] -> [a, b]
template <tensor_like X>
tensor_of<X> msort(const X& x, Site site = Site::current()) {
  return sort(x, 0, false, site).values;
}

/// The k largest (or smallest) elements along dim, in order, and where they were.
///   x [a, b], k -> values [a, k], indices [a, k]
/// Throws IndexError unless 0 <= k <= b.
template <tensor_like X>
Sorted<value_t<X>, device_t<X>> topk(const X& x_, std::int64_t k, std::int64_t dim = -1, bool largest = true, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int axis = normalize_axis("topk", dim, x.dim());
  const std::int64_t n = x.dim() > 0 ? x.sizes()[axis] : 1;
  check<IndexError>(k >= 0 && k <= n, "topk: {} elements were asked for along dimension {} of a tensor of shape {}", k, axis,
                    x.sizes().str());
  if (x.dim() == 0 && k == 0) return {empty<value_t<X>, device_t<X>>({0}), empty<std::int64_t, device_t<X>>({0})};
  auto indices = indexing::sorted_positions<value_t<X>, device_t<X>>(x, axis, k, largest);
  return {gather(x, axis, indices, site), indices};
}

}  // namespace torchlite::inline TORCHLITE_ABI
