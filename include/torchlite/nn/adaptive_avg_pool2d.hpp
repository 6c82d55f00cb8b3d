// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/adaptive_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// The mean of windows that together cover the input, as many as output_size says.
///   x [N, C, H, W] or [C, H, W] -> [..., output_size.h, output_size.w]
struct AdaptiveAvgPool2d : Module<AdaptiveAvgPool2d> {
  AdaptiveAvgPool2d() = default;
  AdaptiveAvgPool2d(Pair size) : output_size(size) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::adaptive_avg_pool2d(x, output_size);
  }
  std::string extra_repr() const { return "output_size=" + short_repr(output_size); }
  auto fields() { return nn::fields("output_size", output_size); }

  Pair output_size = 1;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
