// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/shape/expand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// A tensor of x's sizes filled with a value, a number or a tensor without dimensions. The gradient of x is zeros.
///   x [...] -> [...]
template <tensor_like X, tensor_like V>
tensor_of<X> fill(const X& x_, const V& value_, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  const Tensor<T, D>& value = eval(value_, site);
  check<ShapeError>(value.dim() == 0, "fill: a value of shape {}; it must be a number or a tensor without dimensions", value.sizes().str());
  Tensor<T, D> out = empty<T, D>(x.sizes());
  copy_elements(out, value);
  if constexpr (differentiable<T>)
    if (autograd::needed(x, value))
      return autograd::record("fill", site, std::move(out), autograd::inputs(x, value),
                              [](const autograd::Pass& pass, const Tensor<T, D>& g) {
                                Tensor<T, D> of_x, of_value;
                                if (pass.needs(0)) {
                                  of_x = empty<T, D>(g.sizes());
                                  fill_elements(of_x, T{});
                                }
                                if (pass.needs(1)) of_value = sum_to_size(g, Shape{});
                                return std::tuple(of_x, of_value);
                              });
  return out;
}
template <tensor_like X, scalar S>
tensor_of<X> fill(const X& x, S value, Site site = Site::current()) {
  const tensor_of<X> one = empty<value_t<X>, device_t<X>>(Shape{});
  fill_elements(one, static_cast<value_t<X>>(value));
  return fill(x, one, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
