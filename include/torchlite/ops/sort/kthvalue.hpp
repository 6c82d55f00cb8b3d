// SPDX-License-Identifier: BSD-3-Clause
// Elements chosen by their rank in a row, found in linear time; the gradient goes to the chosen element.
#pragma once
#include <torchlite/backend/cpu/sort.hpp>
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/reduce/extremes.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// Finds one position in each row of x along axis, the rows being dense and next to each other; that dimension becomes 1.
///   find(rows, number of rows, their length, positions)
template <class T, class D, class Find>
Tensor<std::int64_t, D> row_positions(const Tensor<T, D>& x, int axis, Find find) {
  const NoGradGuard no_grad;
  const Tensor<T, D> rows = contiguous(x.dim() > 0 ? transpose(x, axis, -1) : alias(x, {1}, {1}, x.storage_offset()));
  Shape sizes = rows.sizes();
  const std::int64_t n = sizes.back();
  sizes.back() = 1;
  Tensor<std::int64_t, D> out = empty<std::int64_t, D>(sizes);
  if (out.numel() > 0) find(static_cast<const T*>(rows.data()), out.numel(), n, out.data());
  return x.dim() > 0 ? contiguous(transpose(out, axis, -1)) : alias(out, {}, {}, 0);
}

/// The elements of x at indices, which has size 1 along axis; that dimension goes unless keepdim.
template <class T, class D>
ValuesAndIndices<T, D> chosen(const Tensor<T, D>& x, int axis, Tensor<std::int64_t, D> indices, bool keepdim, Site site) {
  Tensor<T, D> values = gather(x, axis, indices, site);
  if (!keepdim && x.dim() > 0) {
    values = squeeze(values, axis, site);
    indices = squeeze(indices, axis, site);
  }
  return {values, indices};
}

/// The elements of one rank along a dimension.
template <class T, class D>
ValuesAndIndices<T, D> ranked(const char* op, const Tensor<T, D>& x, backend::Rank rank, std::int64_t k, std::int64_t dim, bool keepdim,
                              Site site) {
  check_devices(op, x);
  const ReducedShape r(op, x.sizes(), dim, keepdim);
  r.check_not_empty(op);
  const int axis = normalize_axis(op, dim, x.dim());
  const auto find = [=](const T* rows, std::int64_t count, std::int64_t n, std::int64_t* out) {
    ranked_position(D{}, rows, count, n, rank, k, out);
  };
  return chosen(x, axis, row_positions(x, axis, find), keepdim, site);
}

}  // namespace ops

/// The k-th smallest elements along a dimension, k from 1, and where they stand: auto [values, indices] = kthvalue(x, 2).
///   x [..., n, ...] -> values, indices (int64) [..., ...], 1 in the dimension's place with keepdim
/// NaN is larger than any number; the gradient goes to the element at the index. Throws IndexError unless 1 <= k <= n.
template <tensor_like X>
auto kthvalue(const X& x_, std::int64_t k, std::int64_t dim = -1, bool keepdim = false, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int axis = normalize_axis("kthvalue", dim, x.dim());
  const std::int64_t n = x.dim() > 0 ? x.sizes()[axis] : 1;
  check<IndexError>(k >= 1 && k <= n, "kthvalue: element {} was asked for along dimension {} of a tensor of shape {}; k must be in [1, {}]",
                    k, axis, x.sizes().str(), n);
  return ops::ranked("kthvalue", x, backend::Rank::kth, k - 1, axis, keepdim, site);
}

/// The most frequent elements along a dimension and where each stands last: auto [values, indices] = mode(x). Of equally frequent
/// ones the smallest counts.
///   x [..., n, ...] -> values, indices (int64) [..., ...], 1 in the dimension's place with keepdim
/// The gradient goes to the element at the index. Throws IndexError if the dimension has no elements.
template <tensor_like X>
auto mode(const X& x_, std::int64_t dim = -1, bool keepdim = false, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  check_devices("mode", x);
  const ops::ReducedShape r("mode", x.sizes(), dim, keepdim);
  r.check_not_empty("mode");
  const int axis = normalize_axis("mode", dim, x.dim());
  const auto find = [](const T* rows, std::int64_t count, std::int64_t n, std::int64_t* out) { mode_position(D{}, rows, count, n, out); };
  return ops::chosen(x, axis, ops::row_positions(x, axis, find), keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
