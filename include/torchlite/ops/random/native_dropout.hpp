// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/random/feature_dropout.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The result of dropout, and which elements were kept.
template <class T, class D>
struct NativeDropout {
  Tensor<T, D> output;
  Tensor<bool, D> mask;
};

/// dropout that tells which elements it kept.
///   x [...] -> output [...], mask [...]
template <tensor_like X>
NativeDropout<value_t<X>, device_t<X>> native_dropout(const X& x_, double p = 0.5, bool train = true, Site site = Site::current()) {
  using D = device_t<X>;
  static_assert(floating<value_t<X>>, "dropout needs a floating dtype; cast first: x.to<float>()");
  ops::check_dropout("native_dropout", p);
  const tensor_of<X>& x = eval(x_, site);
  const Tensor<bool, D> mask = bernoulli<bool, D>(x.sizes(), train ? 1 - p : 1);
  if (!train) return {x * 1, mask};
  return {x * mask * (p < 1 ? 1 / (1 - p) : 0), mask};
}

/// The gradient of native_dropout: grad where the mask holds, times scale.
///   grad_output [...], mask [...] -> [...]
template <tensor_like G, tensor_like M>
tensor_of<G> native_dropout_backward(const G& grad_output, const M& mask, double scale, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<M>, bool>, "native_dropout_backward needs a mask of dtype bool; compare first: mask != 0");
  const auto& g = eval(grad_output, site);
  const auto& m = eval(mask, site);
  check<ShapeError>(g.sizes() == m.sizes(), "native_dropout_backward: a gradient of shape {} and a mask of shape {}; they must be equal",
                    g.sizes().str(), m.sizes().str());
  return g * m * scale;
}

}  // namespace torchlite::inline TORCHLITE_ABI
