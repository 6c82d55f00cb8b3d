// SPDX-License-Identifier: BSD-3-Clause
// Whole slices along one dimension, chosen by number.
#pragma once
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace indexing {
/// The loop over the slices of data along dim that a vector of numbers names. A tensor without dimensions counts as a vector
/// of one element.
template <class D>
Plan<D> slices(const char* op, const Shape& data, std::int64_t dim, const Tensor<std::int64_t, D>& index, bool negative = false) {
  const int axis = normalize_axis(op, dim, data.rank());
  check<IndexError>(index.dim() <= 1, "{}: an index of shape {}; it must be a vector", op, index.sizes().str());
  Plan<D> plan;
  if (data.rank() == 0) {
    check_devices(op, index);
    const backend::RangeCheck range = check_range(D{}, strided_memory(index), negative ? -1 : 0, 0);
    check<IndexError>(range.ok, "{}: index {} is out of range for a tensor without dimensions", op, range.offender);
    plan.sizes = {index.numel()};
    plan.source = {-1};
    return plan;
  }
  plan.sizes = data;
  for (int d = 0; d < data.rank(); ++d) plan.source.push_back(d == axis ? -1 : d);
  plan.sizes[axis] = index.numel();
  plan.add(op, index, axis, axis, data, negative);
  return plan;
}
/// A source of slices, checked: one slice for each number of the index.
template <class T, class D>
Tensor<T, D> slice_values(const char* op, const Shape& data, const Plan<D>& plan, const Tensor<T, D>& source, Site site) {
  const bool fits = data.rank() == 0 ? source.dim() <= 1 && source.numel() == plan.sizes[0] : source.sizes() == plan.sizes;
  check<IndexError>(fits, "{}: a source of shape {} where the index asks for {}", op, source.sizes().str(), plan.sizes.str());
  return reshape(source, plan.sizes, site);
}
}  // namespace indexing

/// The slices of x along dim that the index names, in its order.
///   x [a, b, c], 1, index [n] -> [a, n, c]
/// Throws IndexError where a number is not in [0, b).
template <tensor_like X, tensor_like I>
tensor_of<X> index_select(const X& x_, std::int64_t dim, const I& index, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  auto plan = indexing::slices("index_select", x.sizes(), dim, indexing::numbers("index_select", index));
  if (x.dim() == 0) {
    check<IndexError>(plan.sizes[0] == 1, "index_select: {} numbers for a tensor without dimensions; it takes one", plan.sizes[0]);
    plan.sizes = plan.source = Shape{};
  }
  return indexing::get<value_t<X>, device_t<X>>("index_select", x, plan, site);
}

/// x with alpha * source[.., i, ..] added to its slice index[i] along dim; numbers may stand twice, and the order is fixed.
///   x [a, b, c], 1, index [n], source [a, n, c] -> [a, b, c]
/// Throws IndexError where a number is not in [0, b) or there is not one slice of source for each.
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> index_add(const X& x_, std::int64_t dim, const I& index, const S& source, double alpha = 1, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& given = eval(source, site);
  const auto plan = indexing::slices("index_add", x.sizes(), dim, indexing::numbers("index_add", index));
  tensor_of<X> values = indexing::slice_values("index_add", x.sizes(), plan, given, site);
  if (alpha != 1) values = mul(values, static_cast<value_t<X>>(alpha)).eval(site);
  return indexing::put<value_t<X>, device_t<X>>("index_add", x, plan, values, true, site);
}

/// x with its slices index[i] along dim replaced by source[.., i, ..]; of equal numbers the last one counts.
///   x [a, b, c], 1, index [n], source [a, n, c] -> [a, b, c]
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> index_copy(const X& x_, std::int64_t dim, const I& index, const S& source, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& given = eval(source, site);
  const auto plan = indexing::slices("index_copy", x.sizes(), dim, indexing::numbers("index_copy", index));
  const tensor_of<X> values = indexing::slice_values("index_copy", x.sizes(), plan, given, site);
  return indexing::put<value_t<X>, device_t<X>>("index_copy", x, plan, values, false, site);
}

/// x with its slices index[i] along dim filled with a value, a number or a tensor without dimensions; negative numbers count
/// from the end.
///   x [a, b, c], 1, index [n] -> [a, b, c]
template <tensor_like X, tensor_like I, scalar S>
tensor_of<X> index_fill(const X& x_, std::int64_t dim, const I& index, S value, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto plan = indexing::slices("index_fill", x.sizes(), dim, indexing::numbers("index_fill", index), true);
  const auto values = indexing::constant<value_t<X>, device_t<X>>(plan, static_cast<value_t<X>>(value));
  return indexing::put<value_t<X>, device_t<X>>("index_fill", x, plan, values, false, site);
}
template <tensor_like X, tensor_like I, tensor_like V>
tensor_of<X> index_fill(const X& x_, std::int64_t dim, const I& index, const V& value_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& value = eval(value_, site);
  check<ShapeError>(value.dim() == 0, "index_fill: a value of shape {}; it must be a number or a tensor without dimensions",
                    value.sizes().str());
  const auto plan = indexing::slices("index_fill", x.sizes(), dim, indexing::numbers("index_fill", index), true);
  // A slice that is named several times is filled once: its gradient counts once.
  const Tensor<bool, device_t<X>> filled = full<bool, device_t<X>>(x.sizes(), false);
  indexing::write(filled, plan, indexing::constant<bool, device_t<X>>(plan, true), false);
  return where(filled, value, x).eval(site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
