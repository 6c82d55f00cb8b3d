// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// (x - mean) / sqrt(variance + eps) * weight + bias, mean and variance (biased) being those of each group of channels of an example.
///   x [N, C, ...] -> same, num_groups divides C; weight, bias: [C] or undefined
/// Source: Wu and He, Group normalization, ECCV 2018.
template <tensor_like X>
tensor_of<X> group_norm(const X& x_, std::int64_t num_groups, const tensor_of<X>& weight = {}, const tensor_of<X>& bias = {},
                        double eps = 1e-5, Site site = Site::current()) {
  using Y = tensor_of<X>;
  const Y& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2 && num_groups > 0 && x.sizes()[1] % num_groups == 0,
                    "group_norm: the channels of the input of shape {} cannot be divided into {} groups", x.sizes().str(), num_groups);
  const std::int64_t channels = x.sizes()[1], batch = x.sizes()[0];
  for (const Y* p : {&weight, &bias})
    check<ShapeError>(!p->defined() || p->sizes() == Shape{channels},
                      "group_norm: a parameter of shape {} does not fit the input of shape {}; it must be [{}]",
                      p->defined() ? p->sizes().str() : "", x.sizes().str(), channels);
  const std::int64_t n = batch == 0 ? 0 : x.numel() / (batch * num_groups);
  const Y normal = reshape(layer_norm(reshape(x, {batch, num_groups, n}), {n}, {}, {}, eps, site), x.sizes());
  Shape sizes = Shape::filled(x.dim(), 1);
  sizes[1] = channels;
  if (weight.defined() && bias.defined()) return normal * reshape(weight, sizes) + reshape(bias, sizes);
  if (weight.defined()) return normal * reshape(weight, sizes);
  if (bias.defined()) return normal + reshape(bias, sizes);
  return normal;
}

namespace nn::functional {
using torchlite::group_norm;
}

}  // namespace torchlite::inline TORCHLITE_ABI
