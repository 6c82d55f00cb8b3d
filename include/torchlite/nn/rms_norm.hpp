// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/norm/rms_norm.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct RMSNormOptions {
  Shape normalized_shape = {};
  std::optional<double> eps = {};  ///< none: that of the dtype
  bool elementwise_affine = true;
};

/// The last dimensions, together, divided by their root mean square, times weight.
///   x [..., normalized_shape] -> same. Source: Zhang and Sennrich, NeurIPS 2019.
template <class T = float, class D = Cpu>
struct RMSNorm : Module<RMSNorm<T, D>> {
  RMSNorm() = default;
  RMSNorm(std::int64_t size) : RMSNorm(RMSNormOptions{.normalized_shape = {size}}) {}
  RMSNorm(const RMSNormOptions& o) : options(o) {
    if (o.elementwise_affine) weight = empty<T, D>(o.normalized_shape);
    reset_parameters();
  }

  void reset_parameters() {
    if (weight.defined()) init::ones_(weight);
  }

  Tensor<T, D> forward(const Tensor<T, D>& x) const { return torchlite::rms_norm(x, options.normalized_shape, weight, options.eps); }

  std::string extra_repr() const {
    std::string shape = options.normalized_shape.str();
    shape = "(" + shape.substr(1, shape.size() - 2) + (options.normalized_shape.rank() == 1 ? ",)" : ")");
    return format_text("{}, eps={}, elementwise_affine={}", shape, options.eps ? repr(*options.eps) : "None",
                       repr(options.elementwise_affine));
  }
  auto fields() { return nn::fields("weight", weight, "options", options); }

  RMSNormOptions options;
  Parameter<T, D> weight;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
