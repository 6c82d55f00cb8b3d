// SPDX-License-Identifier: BSD-3-Clause
// Whole slices along one dimension, chosen by number.
#pragma once
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace indexing {
/// The loop over the slices of data along axis that a vector of numbers names.
template <class D>
Plan<D> slices(const char* op, const Shape& data, int axis, const Tensor<std::int64_t, D>& index) {
  check<ShapeError>(index.dim() <= 1, "{}: an index of shape {}; it must be a vector", op, index.sizes().str());
  Plan<D> plan;
  plan.sizes = data;
  for (int d = 0; d < data.rank(); ++d) plan.source.push_back(d == axis ? -1 : d);
  plan.sizes[axis] = index.numel();
  plan.add(op, index, axis, axis, data, false);
  return plan;
}
}  // namespace indexing

/// The slices of x along dim that the index names, in its order.
///   x [a, b, c], 1, index [n] -> [a, n, c]
/// Throws IndexError where a number is not in [0, b).
template <tensor_like X, tensor_like I>
tensor_of<X> index_select(const X& x_, std::int64_t dim, const I& index, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.dim() == 0) return squeeze(index_select(unsqueeze(x, 0, site), dim, index, site), 0, site);
  const int axis = normalize_axis("index_select", dim, x.dim());
  return indexing::get<value_t<X>, device_t<X>>(
      "index_select", x, indexing::slices("index_select", x.sizes(), axis, indexing::numbers("index_select", index)), site);
}

/// x with alpha * source[.., i, ..] added to its slice index[i] along dim; numbers may stand twice, and the order is fixed.
///   x [a, b, c], 1, index [n], source [a, n, c] -> [a, b, c]
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> index_add(const X& x_, std::int64_t dim, const I& index, const S& source, double alpha = 1, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& values = eval(source, site);
  if (x.dim() == 0) {
    const auto row = reshape(values, {1}, site);
    return squeeze(index_add(unsqueeze(x, 0, site), dim, index, row, alpha, site), 0, site);
  }
  const int axis = normalize_axis("index_add", dim, x.dim());
  const auto plan = indexing::slices("index_add", x.sizes(), axis, indexing::numbers("index_add", index));
  check<ShapeError>(values.sizes() == plan.sizes, "index_add: a source of shape {} where the index asks for {}", values.sizes().str(),
                    plan.sizes.str());
  if (alpha == 1) return indexing::put<value_t<X>, device_t<X>>("index_add", x, plan, values, true, site);
  const tensor_of<X> scaled = mul(values, static_cast<value_t<X>>(alpha)).eval(site);
  return indexing::put<value_t<X>, device_t<X>>("index_add", x, plan, scaled, true, site);
}

/// x with its slices index[i] along dim replaced by source[.., i, ..]; of equal numbers the last one counts.
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> index_copy(const X& x_, std::int64_t dim, const I& index, const S& source, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& values = eval(source, site);
  check<ShapeError>(x.dim() > 0, "index_copy: a tensor without dimensions has no slices");
  const int axis = normalize_axis("index_copy", dim, x.dim());
  const auto plan = indexing::slices("index_copy", x.sizes(), axis, indexing::numbers("index_copy", index));
  check<ShapeError>(values.sizes() == plan.sizes, "index_copy: a source of shape {} where the index asks for {}", values.sizes().str(),
                    plan.sizes.str());
  return indexing::put<value_t<X>, device_t<X>>("index_copy", x, plan, values, false, site);
}

/// x with its slices index[i] along dim filled with a value.
template <tensor_like X, tensor_like I, scalar S>
tensor_of<X> index_fill(const X& x_, std::int64_t dim, const I& index, S value, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.dim() == 0) return squeeze(index_fill(unsqueeze(x, 0, site), dim, index, value, site), 0, site);
  const int axis = normalize_axis("index_fill", dim, x.dim());
  const auto plan = indexing::slices("index_fill", x.sizes(), axis, indexing::numbers("index_fill", index));
  const auto one = full<value_t<X>, device_t<X>>({}, value);
  return indexing::put<value_t<X>, device_t<X>>("index_fill", x, plan, alias(one, plan.sizes, Shape::filled(plan.sizes.rank(), 0), 0),
                                                false, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
