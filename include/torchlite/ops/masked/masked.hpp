// SPDX-License-Identifier: BSD-3-Clause
// What masked reductions share: elements that the mask leaves out do not count, and get no gradient.
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/shape/expand.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI::masked {

/// True where an element counts; it broadcasts to the input. Undefined: all count.
template <tensor_like X>
using mask_of = Tensor<bool, device_t<X>>;

/// The mask with the sizes of the input. Throws ShapeError if it does not broadcast to them.
template <class D>
Tensor<bool, D> spread_mask(const char* op, const Tensor<bool, D>& mask, const Shape& sizes) {
  check<ShapeError>(broadcast_shapes(op, mask.sizes(), sizes) == sizes,
                    "{}: a mask of shape {} for a tensor of shape {}; it must broadcast to it", op, mask.sizes().str(), sizes.str());
  return expand(mask, sizes);
}

/// x with `rest` in the place of elements that do not count. Those have no gradient even where what comes after makes it NaN, as the
/// difference of two infinities does.
template <class T, class D>
Tensor<T, D> counting(const char* op, const Tensor<T, D>& x, const Tensor<bool, D>& mask, T rest) {
  if (!mask.defined()) return x;
  const Tensor<bool, D> counts = spread_mask(op, mask, x.sizes());
  Tensor<T, D> out = where(counts, x.detach(), rest);
  if constexpr (differentiable<T>)
    if (autograd::needed(x))
      return autograd::record(op, Site{}, std::move(out), autograd::inputs(x),
                              [op, counts = autograd::save(counts)](const autograd::Pass&, const Tensor<T, D>& g) {
                                return counting(op, g, counts.get(), T(0));
                              });
  return out;
}

/// The value that is never larger (or smaller) than an element.
template <class T>
T lowest_value() {
  if constexpr (floating<T>) return static_cast<T>(-std::numeric_limits<float>::infinity());
  else return std::numeric_limits<T>::lowest();
}
template <class T>
T highest_value() {
  if constexpr (floating<T>) return static_cast<T>(std::numeric_limits<float>::infinity());
  else return std::numeric_limits<T>::max();
}

}  // namespace torchlite::inline TORCHLITE_ABI::masked
