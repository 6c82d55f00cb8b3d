// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/linalg/linear_gelu.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct GELUTanh;

struct LinearOptions {
  std::int64_t in_features = 0;
  std::int64_t out_features = 0;
  bool bias = true;
};

/// x weight^T + bias.
///   x [..., in_features] -> [..., out_features]
/// weight and bias start uniform in +-1 / sqrt(in_features), as in PyTorch.
template <class T = float, class D = Cpu>
struct Linear : Module<Linear<T, D>> {
  Linear() = default;
  Linear(std::int64_t in_features, std::int64_t out_features) : Linear(LinearOptions{in_features, out_features, true}) {}
  Linear(const LinearOptions& o) : options(o), weight(empty<T, D>({o.out_features, o.in_features})) {
    if (o.bias) bias = empty<T, D>({o.out_features});
    reset_parameters();
  }

  void reset_parameters() {
    init::kaiming_uniform_(weight, std::sqrt(5.0));
    const double bound = options.in_features > 0 ? 1 / std::sqrt(static_cast<double>(options.in_features)) : 0;
    if (bias.defined()) init::uniform_(bias, -bound, bound);
  }

  Tensor<T, D> forward(const Tensor<T, D>& x) const { return torchlite::linear(x, weight, bias); }

  std::string extra_repr() const {
    return format_text("in_features={}, out_features={}, bias={}", options.in_features, options.out_features, repr(bias.defined()));
  }
  auto fields() { return nn::fields("weight", weight, "bias", bias, "options", options); }

  LinearOptions options;
  Parameter<T, D> weight, bias;
};

/// A Linear and the GELUTanh behind it as one operation; see Sequential.
template <class T, class D, tensor_like X>
Tensor<T, D> forward_pair(const Linear<T, D>& first, const GELUTanh&, const X& x) {
  return linear_gelu_tanh(x, first.weight, first.bias);
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn
