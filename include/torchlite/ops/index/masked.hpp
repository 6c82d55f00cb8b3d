// SPDX-License-Identifier: BSD-3-Clause
// Elements chosen by a condition.
#pragma once
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// The positions of the elements that are not zero, in row-major order.
///   x [a, b, c] -> [n, 3]
template <tensor_like X>
Tensor<std::int64_t, device_t<X>> nonzero(const X& x_) {
  using T = value_t<X>;
  using D = device_t<X>;
  const NoGradGuard no_grad;
  const auto& x = eval(x_);
  check_devices("nonzero", x);
  Tensor<bool, D> mask;
  if constexpr (std::is_same_v<T, bool>) mask = contiguous(x);
  else mask = ne(x, static_cast<T>(0));
  const std::int64_t n = count_true(D{}, mask.data(), mask.numel());
  const Tensor<std::int64_t, D> out = empty<std::int64_t, D>({n, x.dim()});
  if (n > 0 && x.dim() > 0) write_true_positions(D{}, mask.data(), mask.sizes(), out.data());
  return out;
}

/// nonzero as one vector for each dimension: what an index takes. A tensor without dimensions counts as one of shape [1].
template <tensor_like X>
std::vector<Tensor<std::int64_t, device_t<X>>> nonzero_as_tuple(const X& x_) {
  const auto& x = eval(x_);
  const auto positions = nonzero(x.dim() > 0 ? tensor_of<X>(x) : alias(x, {1}, {1}, x.storage_offset()));
  std::vector<Tensor<std::int64_t, device_t<X>>> out;
  for (std::int64_t d = 0; d < positions.size(1); ++d) out.push_back(select(positions, 1, d));
  return out;
}

/// Another name of nonzero.
template <tensor_like X>
Tensor<std::int64_t, device_t<X>> argwhere(const X& x) {
  return nonzero(x);
}

/// nonzero with a result of `size` rows: surplus positions are left out, missing ones are rows of fill_value.
///   x [a, b, c], size -> [size, 3]
/// Throws Error if size is negative.
template <tensor_like X>
Tensor<std::int64_t, device_t<X>> nonzero_static(const X& x, std::int64_t size, std::int64_t fill_value = -1) {
  using D = device_t<X>;
  check<Error>(size >= 0, "nonzero_static: a size of {} was asked for; it cannot be negative", size);
  const auto positions = nonzero(x);
  const Tensor<std::int64_t, D> out = empty<std::int64_t, D>({size, positions.sizes()[1]});
  fill_elements(out, fill_value);
  const std::int64_t found = positions.sizes()[0] < size ? positions.sizes()[0] : size;
  copy_elements(narrow(out, 0, 0, found), narrow(positions, 0, 0, found));
  return out;
}

/// value where the mask holds, else x; fuses like any pointwise operation.
///   x [...], mask [...] bool -> [...], broadcast
template <tensor_like X, tensor_like M, scalar S>
auto masked_fill(X&& x, M&& mask, S value) {
  static_assert(std::is_same_v<value_t<M>, bool>, "masked_fill needs a mask of dtype bool; compare first: mask != 0");
  return where(std::forward<M>(mask), static_cast<value_t<X>>(value), std::forward<X>(x));
}

/// The same with the value as a tensor without dimensions, of which a gradient may be asked.
template <tensor_like X, tensor_like M, tensor_like V>
tensor_of<X> masked_fill(const X& x_, const M& mask_, const V& value_, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<M>, bool>, "masked_fill needs a mask of dtype bool; compare first: mask != 0");
  const auto& x = eval(x_, site);
  const auto& mask = eval(mask_, site);
  const tensor_of<X>& value = eval(value_, site);
  check<ShapeError>(value.dim() == 0, "masked_fill: a value of shape {}; it must be a number or a tensor without dimensions",
                    value.sizes().str());
  return where(mask, value, x).eval(site);
}

template <class T, class D>
template <tensor_like M, operand V>
const Tensor<T, D>& Tensor<T, D>::masked_fill_(const M& mask, const V& value) const {
  static_assert(std::is_same_v<value_t<M>, bool>, "masked_fill_ needs a mask of dtype bool; compare first: mask != 0");
  if constexpr (tensor_like<V>) return copy_(where(mask, value, *this));
  else return copy_(where(mask, static_cast<T>(value), *this));
}

/// The elements of x where the mask holds, in row-major order.
///   x [...], mask [...] bool -> [n], after broadcasting
template <tensor_like X, tensor_like M>
tensor_of<X> masked_select(const X& x_, const M& mask_, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<M>, bool>, "masked_select needs a mask of dtype bool; compare first: mask != 0");
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  const auto& mask = eval(mask_, site);
  const Shape both = broadcast_shapes("masked_select", x.sizes(), mask.sizes());
  const tensor_of<X> flat = reshape(expand(x, both, site), {both.numel()}, site);
  indexing::Plan<D> plan;
  const auto positions = nonzero_as_tuple(reshape(expand(mask, both), {both.numel()}))[0];
  plan.sizes = positions.sizes();
  plan.source = {-1};
  plan.add("masked_select", positions, 0, 0, flat.sizes(), false);
  return indexing::get<value_t<X>, D>("masked_select", flat, plan, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
