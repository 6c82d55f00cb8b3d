// SPDX-License-Identifier: BSD-3-Clause
// Elements by their position in row-major order.
#pragma once
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace indexing {
/// The loop over positions in the flattened data; negative ones count from the end.
template <class D>
Plan<D> flat(const char* op, const Shape& data, const Tensor<std::int64_t, D>& index) {
  check<IndexError>(index.numel() == 0 || data.numel() > 0, "{}: {} elements were asked of a tensor of shape {}, which has none", op,
                    index.numel(), data.str());
  Plan<D> plan;
  plan.sizes = index.sizes();
  plan.source = Shape::filled(index.dim(), -1);
  plan.add(op, index, 0, 0, {data.numel()}, true);
  return plan;
}
}  // namespace indexing

/// The elements of x, in row-major order, that the index names; negative numbers count from the end.
///   x [...], index [a, b] -> [a, b]
/// Throws IndexError where a number is not in [-numel, numel).
template <tensor_like X, tensor_like I>
tensor_of<X> take(const X& x_, const I& index_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto plan = indexing::flat("take", x.sizes(), indexing::numbers("take", index_));
  return indexing::get<value_t<X>, device_t<X>>("take", reshape(x, {x.numel()}, site), plan, site);
}

/// A copy of x in which the elements that the index names, in row-major order, are (or have added) those of source. Of several
/// for one element the last one stays; sums are taken in their order.
///   x [...], index [n], source [n] -> [...]
/// Throws ShapeError unless index and source have the same number of elements, IndexError where a number is not in [-numel, numel).
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> put(const X& x_, const I& index_, const S& source_, bool accumulate = false, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto index = indexing::numbers("put", index_);
  const tensor_of<X>& source = eval(source_, site);
  check<ShapeError>(index.numel() == source.numel(), "put: an index of shape {} for a source of shape {}; both must have as many elements",
                    index.sizes().str(), source.sizes().str());
  const auto plan = indexing::flat("put", x.sizes(), index);
  const auto values = reshape(source, index.sizes(), site);
  return reshape(indexing::put<value_t<X>, device_t<X>>("put", reshape(x, {x.numel()}, site), plan, values, accumulate, site), x.sizes(),
                 site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
