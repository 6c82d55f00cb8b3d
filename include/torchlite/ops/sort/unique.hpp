// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/unique.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI {

/// Elements (or slices) without repetition, for each element of the input which of them it is, and how often each occurs.
template <class T, class D>
struct Unique {
  Tensor<T, D> output;
  Tensor<std::int64_t, D> inverse_indices;
  Tensor<std::int64_t, D> counts;
};

namespace ops {

template <class T, class D>
Unique<T, D> unique(const char* op, const Tensor<T, D>& input, std::optional<std::int64_t> dim, bool sorted) {
  check_devices(op, input);
  const NoGradGuard no_grad;
  const Tensor<T, D> x = input.detach();
  const bool whole = !dim || x.dim() == 0;
  const int axis = dim ? normalize_axis(op, *dim, x.dim()) : 0;
  const Tensor<T, D> front = whole ? reshape(x, {x.numel()}) : movedim(x, axis, 0);
  const std::int64_t n = front.sizes()[0];
  check<ShapeError>(n == 0 || front.numel() > 0, "{}: the slices of a tensor of shape {} along dimension {} have no elements to compare",
                    op, x.sizes().str(), axis);
  const Tensor<T, D> slices = dense(front);
  const Tensor<std::int64_t, D> group = empty<std::int64_t, D>({n}), first = empty<std::int64_t, D>({n}),
                                count = empty<std::int64_t, D>({n});
  std::int64_t groups = 0;
  if (n > 0)
    groups =
        group_slices(D{}, static_cast<const T*>(slices.data()), n, slices.numel() / n, sorted, group.data(), first.data(), count.data());
  const Tensor<T, D> output = index_select(front, 0, narrow(first, 0, 0, groups));
  return {whole ? output : contiguous(movedim(output, 0, axis)), whole ? reshape(group, x.sizes()) : group,
          clone(narrow(count, 0, 0, groups))};
}

}  // namespace ops

/// The different elements in ascending order: auto [values, inverse, counts] = unique(x). With dim: the different slices along it, in
/// lexicographic order. NaN is equal to nothing, so that each stays, at the end.
///   x [...] -> output [k], inverse_indices the shape of x (output[inverse_indices] is x), counts [k]
///   x [a, n, b], 1 -> output [a, k, b], inverse_indices [n], counts [k]
template <tensor_like X>
Unique<value_t<X>, device_t<X>> unique(const X& x, std::optional<std::int64_t> dim = {}) {
  return ops::unique("unique", eval(x), dim, true);
}

/// The elements without those that are equal to the one before: auto [values, inverse, counts] = unique_consecutive(x). With dim: the
/// same of slices along it.
///   x [...] -> output [k], inverse_indices the shape of x (output[inverse_indices] is x), counts [k]
///   x [a, n, b], 1 -> output [a, k, b], inverse_indices [n], counts [k]
template <tensor_like X>
Unique<value_t<X>, device_t<X>> unique_consecutive(const X& x, std::optional<std::int64_t> dim = {}) {
  return ops::unique("unique_consecutive", eval(x), dim, false);
}

}  // namespace torchlite::inline TORCHLITE_ABI
