// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/norm/layer_norm.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct LayerNormOptions {
  Shape normalized_shape = {};
  double eps = 1e-5;
  bool elementwise_affine = true;
  bool bias = true;
};

/// The last dimensions, together, brought to mean 0 and variance 1, times weight plus bias.
///   x [..., normalized_shape] -> same. Source: Ba et al., 2016.
template <class T = float, class D = Cpu>
struct LayerNorm : Module<LayerNorm<T, D>> {
  LayerNorm() = default;
  LayerNorm(std::int64_t size) : LayerNorm(LayerNormOptions{.normalized_shape = {size}}) {}
  LayerNorm(const LayerNormOptions& o) : options(o) {
    if (o.elementwise_affine) weight = empty<T, D>(o.normalized_shape);
    if (o.elementwise_affine && o.bias) bias = empty<T, D>(o.normalized_shape);
    reset_parameters();
  }

  void reset_parameters() {
    if (weight.defined()) init::ones_(weight);
    if (bias.defined()) init::zeros_(bias);
  }

  Tensor<T, D> forward(const Tensor<T, D>& x) const {
    return torchlite::layer_norm(x, options.normalized_shape, weight, bias, options.eps);
  }

  std::string extra_repr() const {
    std::string shape = options.normalized_shape.str();
    shape = "(" + shape.substr(1, shape.size() - 2) + (options.normalized_shape.rank() == 1 ? ",)" : ")");
    return format_text("{}, eps={}, elementwise_affine={}", shape, repr(options.eps), repr(options.elementwise_affine));
  }
  auto fields() { return nn::fields("weight", weight, "bias", bias, "options", options); }

  LayerNormOptions options;
  Parameter<T, D> weight, bias;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
