// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/masked.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x with the elements where the mask holds replaced, in row-major order, by the first ones of source.
///   x [...], mask [...] bool, source with at least as many elements as the mask chooses -> [...], x and mask broadcast
/// Throws ShapeError if source is too short.
template <tensor_like X, tensor_like M, tensor_like S>
tensor_of<X> masked_scatter(const X& x_, const M& mask_, const S& source_, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<M>, bool>, "masked_scatter needs a mask of dtype bool; compare first: mask != 0");
  static_assert(std::is_same_v<value_t<X>, value_t<S>>, "masked_scatter needs a source of the tensor's dtype; cast one: source.to<T>()");
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  const auto& mask = eval(mask_, site);
  const auto& source = eval(source_, site);
  const Shape both = broadcast_shapes("masked_scatter", x.sizes(), mask.sizes());
  const auto positions = nonzero_as_tuple(reshape(expand(mask, both), {both.numel()}))[0];
  check<ShapeError>(positions.numel() <= source.numel(), "masked_scatter: the mask chooses {} elements, but the source of shape {} has {}",
                    positions.numel(), source.sizes().str(), source.numel());
  indexing::Plan<D> plan;
  plan.sizes = positions.sizes();
  plan.source = {-1};
  plan.add("masked_scatter", positions, 0, 0, {both.numel()}, false);
  const auto values = narrow(reshape(source, {source.numel()}, site), 0, 0, positions.numel(), site);
  const auto flat = reshape(expand(x, both, site), {both.numel()}, site);
  return reshape(indexing::put<value_t<X>, D>("masked_scatter", flat, plan, values, false, site), both, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
