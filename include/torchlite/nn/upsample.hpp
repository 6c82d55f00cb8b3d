// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/resample/interpolate.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// The input made larger or smaller.
///   x [N, C, L], [N, C, H, W] or [N, C, D, H, W] -> [N, C, ...size] or each size times scale_factor
struct Upsample : Module<Upsample> {
  Upsample() = default;
  Upsample(const InterpolateOptions& o) : options(o) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::interpolate(x, options);
  }
  std::string extra_repr() const {
    std::string list;
    for (double s : options.scale_factor) list += (list.empty() ? "" : ", ") + repr(s);
    if (options.scale_factor.size() > 1) list = "(" + list + ")";
    const std::string size = options.size.rank() == 1 ? std::to_string(options.size[0]) : repr(options.size);
    return (options.size.empty() ? "scale_factor=" + list : "size=" + size) + ", mode='" + resampling::name_of(options.mode) + "'";
  }
  auto fields() { return nn::fields("options", options); }

  InterpolateOptions options;
};

/// The input made larger or smaller, by the nearest element.
///   x [N, C, H, W] -> [N, C, H2, W2]
struct UpsamplingNearest2d : Module<UpsamplingNearest2d> {
  UpsamplingNearest2d() = default;
  /// A size, or scale factors.
  UpsamplingNearest2d(const Shape& size, const std::vector<double>& scale_factor = {})
      : layer({.size = size, .scale_factor = scale_factor}) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return layer.forward(x);
  }
  std::string extra_repr() const { return layer.extra_repr(); }
  auto fields() { return nn::fields("options", layer.options); }

  Upsample layer;
};

/// The input made larger or smaller, by lines between elements, the outermost ones' centres staying.
///   x [N, C, H, W] -> [N, C, H2, W2]
struct UpsamplingBilinear2d : Module<UpsamplingBilinear2d> {
  UpsamplingBilinear2d() = default;
  /// A size, or scale factors.
  UpsamplingBilinear2d(const Shape& size, const std::vector<double>& scale_factor = {})
      : layer({.size = size, .scale_factor = scale_factor, .mode = InterpolateMode::bilinear, .align_corners = true}) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return layer.forward(x);
  }
  std::string extra_repr() const { return layer.extra_repr(); }
  auto fields() { return nn::fields("options", layer.options); }

  Upsample layer;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
