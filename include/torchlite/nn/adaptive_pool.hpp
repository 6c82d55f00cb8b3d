// SPDX-License-Identifier: BSD-3-Clause
// Poolings to a given size.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/adaptive_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// The mean of windows that together cover the input, as many as output_size says; same_size: as many as elements.
///   x [N, C, L] or [C, L] -> [..., L2]
struct AdaptiveAvgPool1d : Module<AdaptiveAvgPool1d> {
  AdaptiveAvgPool1d() = default;
  AdaptiveAvgPool1d(std::int64_t size) : output_size(size) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::adaptive_avg_pool1d(x, output_size);
  }
  std::string extra_repr() const { return "output_size=" + short_repr(output_size); }
  auto fields() { return nn::fields("output_size", output_size); }

  std::int64_t output_size = 1;
};

/// The mean of windows that together cover the input, as many as output_size says; same_size: as many as elements.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct AdaptiveAvgPool3d : Module<AdaptiveAvgPool3d> {
  AdaptiveAvgPool3d() = default;
  AdaptiveAvgPool3d(Triple size) : output_size(size) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::adaptive_avg_pool3d(x, output_size);
  }
  std::string extra_repr() const { return "output_size=" + short_repr(output_size); }
  auto fields() { return nn::fields("output_size", output_size); }

  Triple output_size = 1;
};

/// The largest element of windows that together cover the input, as many as output_size says; same_size: as many as elements.
///   x [N, C, L] or [C, L] -> [..., L2]
struct AdaptiveMaxPool1d : Module<AdaptiveMaxPool1d> {
  AdaptiveMaxPool1d() = default;
  AdaptiveMaxPool1d(std::int64_t size) : output_size(size) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::adaptive_max_pool1d(x, output_size);
  }
  std::string extra_repr() const { return "output_size=" + short_repr(output_size); }
  auto fields() { return nn::fields("output_size", output_size); }

  std::int64_t output_size = 1;
};

/// The largest element of windows that together cover the input, as many as output_size says; same_size: as many as elements.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct AdaptiveMaxPool2d : Module<AdaptiveMaxPool2d> {
  AdaptiveMaxPool2d() = default;
  AdaptiveMaxPool2d(Pair size) : output_size(size) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::adaptive_max_pool2d(x, output_size);
  }
  std::string extra_repr() const { return "output_size=" + short_repr(output_size); }
  auto fields() { return nn::fields("output_size", output_size); }

  Pair output_size = 1;
};

/// The largest element of windows that together cover the input, as many as output_size says; same_size: as many as elements.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct AdaptiveMaxPool3d : Module<AdaptiveMaxPool3d> {
  AdaptiveMaxPool3d() = default;
  AdaptiveMaxPool3d(Triple size) : output_size(size) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::adaptive_max_pool3d(x, output_size);
  }
  std::string extra_repr() const { return "output_size=" + short_repr(output_size); }
  auto fields() { return nn::fields("output_size", output_size); }

  Triple output_size = 1;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
