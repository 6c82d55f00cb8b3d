// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/pointwise/to.hpp>

#include <limits>
#include <optional>

namespace torchlite::inline TORCHLITE_ABI {

/// x / sqrt(mean(x^2) + eps) * weight, the mean being that of the last dimensions, together.
///   x [..., normalized_shape] -> same; weight: normalized_shape or undefined; eps: that of the dtype if none is given
/// Source: Zhang and Sennrich, Root mean square layer normalization, NeurIPS 2019.
template <tensor_like X>
tensor_of<X> rms_norm(const X& x_, const Shape& normalized_shape, const tensor_of<X>& weight = {}, std::optional<double> eps = {},
                      Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "rms_norm needs a floating dtype; cast first: x.to<float>()");
  using Y = tensor_of<X>;
  const Y& x = eval(x_, site);
  const Axes axes = ops::last_axes("rms_norm", x.sizes(), normalized_shape);
  check<ShapeError>(!weight.defined() || weight.sizes() == normalized_shape,
                    "rms_norm: the weight of shape {} must have the normalized shape {}", weight.defined() ? weight.sizes().str() : "",
                    normalized_shape.str());
  const double added = eps ? *eps : static_cast<double>(std::numeric_limits<value_t<X>>::epsilon());
  using R = register_t<value_t<X>>;
  if constexpr (!std::is_same_v<R, value_t<X>>) {  // squares of half numbers overflow early
    const Tensor<R, device_t<X>> w = weight.defined() ? to<R>(weight).eval(site) : Tensor<R, device_t<X>>();
    return to<value_t<X>>(rms_norm(to<R>(x).eval(site), normalized_shape, w, added, site)).eval(site);
  } else {
    const Y squares = mean(square(x), axes, true, site);
    if (weight.defined()) return x * rsqrt(squares + added) * weight;
    return x * rsqrt(squares + added);
  }
}

namespace nn::functional {
using torchlite::rms_norm;
}

}  // namespace torchlite::inline TORCHLITE_ABI
