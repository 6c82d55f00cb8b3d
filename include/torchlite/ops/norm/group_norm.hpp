// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// x * weight + bias for each channel of x [N, C, ...], in one pass; weight, bias: [C] or undefined.
template <class T, class D>
Tensor<T, D> scale_channels(const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias) {
  Shape sizes = Shape::filled(x.dim(), 1);
  sizes[1] = x.sizes()[1];
  if (weight.defined() && bias.defined()) return x * reshape(weight, sizes) + reshape(bias, sizes);
  if (weight.defined()) return x * reshape(weight, sizes);
  if (bias.defined()) return x + reshape(bias, sizes);
  return x;
}

/// Each parameter given must have one number for each channel.
template <class T, class D>
void check_channel_parameters(const char* op, const Tensor<T, D>& x, std::initializer_list<const Tensor<T, D>*> parameters) {
  for (const Tensor<T, D>* p : parameters)
    check<ShapeError>(!p->defined() || p->sizes() == Shape{x.sizes()[1]},
                      "{}: a parameter of shape {} does not fit the input of shape {}; it must be [{}]", op,
                      p->defined() ? p->sizes().str() : "", x.sizes().str(), x.sizes()[1]);
}

}  // namespace ops

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
  const std::int64_t batch = x.sizes()[0];
  ops::check_channel_parameters("group_norm", x, {&weight, &bias});
  const std::int64_t n = batch == 0 ? 0 : x.numel() / (batch * num_groups);
  const Y normal = reshape(layer_norm(reshape(x, {batch, num_groups, n}), {n}, {}, {}, eps, site), x.sizes());
  return ops::scale_channels(normal, weight, bias);
}

namespace nn::functional {
using torchlite::group_norm;
}

}  // namespace torchlite::inline TORCHLITE_ABI
