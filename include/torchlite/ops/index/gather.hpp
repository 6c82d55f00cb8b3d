// SPDX-License-Identifier: BSD-3-Clause
// One index for each element of the result.
#pragma once
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace indexing {
/// Position (.., i, ..) of the loop, which has the sizes of the index, is element (.., index[.., i, ..], ..) of the data.
template <class D>
Plan<D> along(const char* op, const Shape& data, std::int64_t dim, const Tensor<std::int64_t, D>& index, bool negative = false) {
  Plan<D> plan;
  plan.sizes = index.sizes();
  if (index.numel() == 0 && index.dim() != data.rank()) {  // names no element, whatever its shape
    plan.source = Shape::filled(index.dim(), -1);
    return plan;
  }
  // A tensor without dimensions counts as one of shape [1].
  check<ShapeError>((index.dim() > 0 ? index.dim() : 1) == (data.rank() > 0 ? data.rank() : 1),
                    "{}: an index of shape {} for a tensor of shape {}; both must have the same number of dimensions", op,
                    index.sizes().str(), data.str());
  const int axis = normalize_axis(op, dim, data.rank());
  if (data.rank() == 0) {
    const backend::RangeCheck range = check_range(D{}, strided_memory(index), 0, 0);
    check<IndexError>(range.ok, "{}: index {} is out of range for a tensor without dimensions", op, range.offender);
    plan.source = Shape::filled(index.dim(), -1);
    return plan;
  }
  for (int d = 0; d < index.dim(); ++d) {
    check<ShapeError>(d == axis || index.sizes()[d] <= data[d],
                      "{}: an index of shape {} for a tensor of shape {}: sizes other than that of dimension {} must not be larger", op,
                      index.sizes().str(), data.str(), axis);
    plan.source.push_back(d == axis ? -1 : d);
  }
  plan.add(op, index, 0, axis, data, negative);
  return plan;
}
/// The part of the source of a scatter that the index uses.
template <class T, class D>
Tensor<T, D> first_part(const char* op, const Tensor<T, D>& source, const Shape& sizes, Site site) {
  check<ShapeError>(source.dim() == sizes.rank(),
                    "{}: a source of shape {} for an index of shape {}; both must have the same number of dimensions", op,
                    source.sizes().str(), sizes.str());
  Tensor<T, D> part = source;
  for (int d = 0; d < sizes.rank(); ++d) {
    check<ShapeError>(sizes[d] <= source.sizes()[d], "{}: an index of shape {} for a source of shape {}: no size may be larger", op,
                      sizes.str(), source.sizes().str());
    if (sizes[d] < source.sizes()[d]) part = narrow(part, d, 0, sizes[d], site);
  }
  return part;
}
}  // namespace indexing

/// out[i][j][k] = x[index[i][j][k]][j][k] for dim 0, and so on for the others.
///   x [a, b, c], index [d, e, f] -> [d, e, f]; other sizes than that of dim are at most those of x
/// Throws IndexError where an index is not in [0, size of dim).
template <tensor_like X, tensor_like I>
tensor_of<X> gather(const X& x_, std::int64_t dim, const I& index, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return indexing::get<value_t<X>, device_t<X>>("gather", x, indexing::along("gather", x.sizes(), dim, indexing::numbers("gather", index)),
                                                site);
}

/// x with source added where the index says: out[index[i][j]][j] += source[i][j] for dim 0. The order of the sums is fixed.
///   x [a, b], index [c, d], source at least [c, d] -> [a, b]
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> scatter_add(const X& x_, std::int64_t dim, const I& index_, const S& source, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto index = indexing::numbers("scatter_add", index_);
  const auto plan = indexing::along("scatter_add", x.sizes(), dim, index);
  const tensor_of<X>& values = eval(source, site);
  return indexing::put<value_t<X>, device_t<X>>("scatter_add", x, plan, indexing::first_part("scatter_add", values, index.sizes(), site),
                                                true, site);
}

/// x with elements of source where the index says: out[index[i][j]][j] = source[i][j] for dim 0. Where an index stands
/// twice, the last one counts.
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> scatter(const X& x_, std::int64_t dim, const I& index_, const S& source, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto index = indexing::numbers("scatter", index_);
  const auto plan = indexing::along("scatter", x.sizes(), dim, index);
  const tensor_of<X>& values = eval(source, site);
  return indexing::put<value_t<X>, device_t<X>>("scatter", x, plan, indexing::first_part("scatter", values, index.sizes(), site), false,
                                                site);
}
template <tensor_like X, tensor_like I, scalar S>
tensor_of<X> scatter(const X& x, std::int64_t dim, const I& index_, S value, Site site = Site::current()) {
  const auto index = indexing::numbers("scatter", index_);
  const auto one = full<value_t<X>, device_t<X>>({}, value);
  return scatter(x, dim, index, alias(one, index.sizes(), Shape::filled(index.dim(), 0), 0), site);
}

/// gather for an index that broadcasts against x except along dim, as argsort and topk give it; negative indices count from
/// the end.
template <tensor_like X, tensor_like I>
tensor_of<X> take_along_dim(const X& x_, const I& index_, std::int64_t dim, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto index = indexing::numbers("take_along_dim", index_);
  check<ShapeError>(index.dim() == x.dim(),
                    "take_along_dim: an index of shape {} for a tensor of shape {}; both must have the same number of dimensions",
                    index.sizes().str(), x.sizes().str());
  const int axis = normalize_axis("take_along_dim", dim, x.dim());
  Shape of_x = x.sizes(), of_index = index.sizes();
  if (x.dim() > 0) of_x[axis] = of_index[axis] = 1;
  of_x = of_index = broadcast_shapes("take_along_dim", of_x, of_index);
  if (x.dim() > 0) {
    of_x[axis] = x.sizes()[axis];
    of_index[axis] = index.sizes()[axis];
  }
  const tensor_of<X> data = expand(x, of_x, site);
  return indexing::get<value_t<X>, device_t<X>>("take_along_dim", data,
                                                indexing::along("take_along_dim", of_x, axis, expand(index, of_index, site), true), site);
}

/// The same with positions in x and the index as vectors, in row-major order.
///   x [a, b], index [c, d] -> [c * d]
template <tensor_like X, tensor_like I>
tensor_of<X> take_along_dim(const X& x_, const I& index_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto index = indexing::numbers("take_along_dim", index_);
  return take_along_dim(reshape(x, {x.numel()}, site), reshape(index, {index.numel()}), 0, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
