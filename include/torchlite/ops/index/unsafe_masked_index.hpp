// SPDX-License-Identifier: BSD-3-Clause
// Indexing where a mask says which indices count: padding without padded memory.
#pragma once
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace indexing {
/// The indices moved into the tensor; what they name outside of it does not count.
template <class D>
IndexList<D> clamped(const IndexList<D>& indices, const Shape& sizes) {
  IndexList<D> out = indices;
  for (std::size_t d = 0; d < out.size() && d < sizes.size(); ++d)
    if (out[d].defined()) out[d] = clamp(out[d], -sizes[d], sizes[d] - 1);
  return out;
}
}  // namespace indexing

/// index(x, indices) where the mask holds, else fill. Indices that do not count may be anything.
///   x [a, b], mask [n, m] bool, {[n, 1], [1, m]} -> [n, m]
template <tensor_like X, tensor_like M, scalar S>
tensor_of<X> _unsafe_masked_index(const X& x_, const M& mask_, const std::vector<Tensor<std::int64_t, device_t<X>>>& indices, S fill,
                                  Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto& mask = eval(mask_, site);
  if (x.numel() == 0) return masked_fill(zeros<value_t<X>, device_t<X>>(mask.sizes()), logical_not(mask), fill).eval(site);
  const auto chosen = index(x, indexing::clamped(indices, x.sizes()), site);
  return where(mask, chosen, static_cast<value_t<X>>(fill)).eval(site);
}

/// x with values added where the indices point and the mask holds. Indices that do not count may be anything.
///   x [a, b], mask [n, m] bool, {[n, 1], [1, m]}, values [n, m] -> [a, b]
template <tensor_like X, tensor_like M, tensor_like V>
tensor_of<X> _unsafe_masked_index_put_accumulate(const X& x_, const M& mask_, const std::vector<Tensor<std::int64_t, device_t<X>>>& indices,
                                                 const V& values_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto& mask = eval(mask_, site);
  const auto& values = eval(values_, site);
  if (x.numel() == 0) return clone(x, site);
  const tensor_of<X> counted = where(mask, values, static_cast<value_t<X>>(0)).eval(site);
  return index_put(x, indexing::clamped(indices, x.sizes()), counted, true, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
