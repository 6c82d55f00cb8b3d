// SPDX-License-Identifier: BSD-3-Clause
// Where values belong among sorted ones.
#pragma once
#include <torchlite/backend/cpu/index.hpp>
#include <torchlite/backend/cpu/sort.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

template <class Out, class T, class D>
Tensor<Out, D> search(const char* op, const Tensor<T, D>& sorted, const Tensor<T, D>& values, bool right,
                      const Tensor<std::int64_t, D>& sorter) {
  static_assert(std::is_same_v<Out, std::int64_t> || std::is_same_v<Out, std::int32_t>, "positions are int64_t or int32_t");
  check_devices(op, sorted, values, sorter);
  check<ShapeError>(sorted.dim() > 0, "{}: the sorted values have no dimension; they must be a vector or rows of values", op);
  const std::int64_t n = sorted.sizes().back();
  if (sorted.dim() > 1) {
    bool fits = values.dim() == sorted.dim();
    for (int d = 0; fits && d + 1 < sorted.dim(); ++d) fits = sorted.sizes()[d] == values.sizes()[d];
    check<ShapeError>(fits,
                      "{}: sorted values of shape {} for values of shape {}; all sizes but the last must be equal, or the sorted values "
                      "be a vector",
                      op, sorted.sizes().str(), values.sizes().str());
  }
  check<Error>((std::is_same_v<Out, std::int64_t>) || n <= 0x7fffffff, "{}: {} sorted values are more than an int32 counts", op, n);
  Tensor<std::int64_t, D> order;
  if (sorter.defined()) {
    check<ShapeError>(sorter.sizes() == sorted.sizes(), "{}: a sorter of shape {} for sorted values of shape {}; they must be equal", op,
                      sorter.sizes().str(), sorted.sizes().str());
    const backend::RangeCheck range = check_range(D{}, strided_memory(sorter), 0, n - 1);
    check<IndexError>(range.ok, "{}: the sorter names element {} of {}", op, range.offender, n);
    order = dense(sorter);
  }
  Tensor<Out, D> out = empty<Out, D>(values.sizes());
  const Tensor<T, D> boundaries = dense(sorted), wanted = dense(values);
  const std::int64_t row = sorted.dim() > 1 ? values.sizes().back() : values.numel();
  if (out.numel() > 0)
    search_sorted(D{}, static_cast<const T*>(boundaries.data()), order.defined() ? static_cast<const std::int64_t*>(order.data()) : nullptr,
                  n, sorted.dim() > 1 ? n : 0, static_cast<const T*>(wanted.data()), out.numel() / row, row, right, out.data());
  return out;
}

}  // namespace ops

/// For each value the position at which it keeps sorted values in order: before equal ones, or after them with `right`.
/// searchsorted<std::int32_t>(...) gives int32 positions.
///   sorted [n] or [..., n], values [...] or [..., m] -> the shape of values, int64
/// sorter: the order of values that are not sorted themselves, as argsort gives it. NaN is larger than any number. Throws ShapeError if the
/// shapes do not go together.
template <dtype Out = std::int64_t, tensor_like S, tensor_like V>
Tensor<Out, device_t<S>> searchsorted(const S& sorted, const V& values, bool right = false,
                                      const Tensor<std::int64_t, device_t<S>>& sorter = {}) {
  static_assert(std::is_same_v<value_t<S>, value_t<V>>, "searchsorted needs values of the same dtype as the sorted ones; cast one of them");
  return ops::search<Out, value_t<S>, device_t<S>>("searchsorted", eval(sorted), eval(values), right, sorter);
}
template <dtype Out = std::int64_t, tensor_like S, scalar V>
Tensor<Out, device_t<S>> searchsorted(const S& sorted, V value, bool right = false, const Tensor<std::int64_t, device_t<S>>& sorter = {}) {
  check<ShapeError>(eval(sorted).dim() == 1, "searchsorted: sorted values of shape {} for one number; they must be a vector",
                    eval(sorted).sizes().str());
  return searchsorted<Out>(sorted, full<value_t<S>, device_t<S>>({}, value), right, sorter);
}

/// For each value the number of its bucket: boundaries[i - 1] < value <= boundaries[i], or with `right` boundaries[i - 1] <= value <
/// boundaries[i]. bucketize<std::int32_t>(...) gives int32 numbers.
///   values [...], boundaries [n] -> [...] int64
/// Throws ShapeError if the boundaries are no vector.
template <dtype Out = std::int64_t, tensor_like V, tensor_like S>
Tensor<Out, device_t<V>> bucketize(const V& values, const S& boundaries, bool right = false) {
  static_assert(std::is_same_v<value_t<S>, value_t<V>>, "bucketize needs values of the same dtype as the boundaries; cast one of them");
  check<ShapeError>(eval(boundaries).dim() == 1, "bucketize: boundaries of shape {}; they must be a vector",
                    eval(boundaries).sizes().str());
  return ops::search<Out, value_t<V>, device_t<V>>("bucketize", eval(boundaries), eval(values), right, {});
}

}  // namespace torchlite::inline TORCHLITE_ABI
