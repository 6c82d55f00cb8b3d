// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/linalg/bilinear.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct BilinearOptions {
  std::int64_t in1_features = 0;
  std::int64_t in2_features = 0;
  std::int64_t out_features = 0;
  bool bias = true;
};

/// y_o = x1^T weight_o x2 + bias_o.
///   x1 [..., in1_features], x2 [..., in2_features] -> [..., out_features]
/// weight and bias start uniform in +-1 / sqrt(in1_features), as in PyTorch.
template <class T = float, class D = Cpu>
struct Bilinear : Module<Bilinear<T, D>> {
  Bilinear() = default;
  Bilinear(std::int64_t in1_features, std::int64_t in2_features, std::int64_t out_features)
      : Bilinear(BilinearOptions{in1_features, in2_features, out_features, true}) {}
  Bilinear(const BilinearOptions& o) : options(o), weight(empty<T, D>({o.out_features, o.in1_features, o.in2_features})) {
    if (o.bias) bias = empty<T, D>({o.out_features});
    reset_parameters();
  }

  void reset_parameters() {
    const double bound = options.in1_features > 0 ? 1 / std::sqrt(static_cast<double>(options.in1_features)) : 0;
    init::uniform_(weight, -bound, bound);
    if (bias.defined()) init::uniform_(bias, -bound, bound);
  }

  Tensor<T, D> forward(const Tensor<T, D>& x1, const Tensor<T, D>& x2) const { return torchlite::bilinear(x1, x2, weight, bias); }

  std::string extra_repr() const {
    return format_text("in1_features={}, in2_features={}, out_features={}, bias={}", options.in1_features, options.in2_features,
                       options.out_features, repr(bias.defined()));
  }
  auto fields() { return nn::fields("weight", weight, "bias", bias, "options", options); }

  BilinearOptions options;
  Parameter<T, D> weight, bias;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
