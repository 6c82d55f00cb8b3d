// SPDX-License-Identifier: BSD-3-Clause
// The mean of each window, in one and three dimensions.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/avg_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct AvgPool1dOptions {
  std::int64_t kernel_size = 0;
  std::int64_t stride = 0;  ///< 0: kernel_size
  std::int64_t padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
};

/// The mean of each window.
///   x [N, C, L] or [C, L] -> [..., L2]
struct AvgPool1d : Module<AvgPool1d> {
  AvgPool1d() = default;
  AvgPool1d(std::int64_t kernel_size) : AvgPool1d(AvgPool1dOptions{.kernel_size = kernel_size}) {}
  AvgPool1d(const AvgPool1dOptions& o) : options(o) {
    if (options.stride == std::int64_t(0)) options.stride = options.kernel_size;
  }

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::avg_pool1d(x, options.kernel_size,
                                 {.stride = options.stride,
                                  .padding = options.padding,
                                  .ceil_mode = options.ceil_mode,
                                  .count_include_pad = options.count_include_pad});
  }
  std::string extra_repr() const {
    return named_values({{"kernel_size", repr(extents(options.kernel_size))},
                         {"stride", repr(extents(options.stride))},
                         {"padding", repr(extents(options.padding))}});
  }
  auto fields() { return nn::fields("options", options); }

  AvgPool1dOptions options;
};

struct AvgPool3dOptions {
  Triple kernel_size = 0;
  Triple stride = 0;  ///< 0: kernel_size
  Triple padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
  std::int64_t divisor_override = 0;  ///< 0: the number of elements
};

/// The mean of each window.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct AvgPool3d : Module<AvgPool3d> {
  AvgPool3d() = default;
  AvgPool3d(Triple kernel_size) : AvgPool3d(AvgPool3dOptions{.kernel_size = kernel_size}) {}
  AvgPool3d(const AvgPool3dOptions& o) : options(o) {
    if (options.stride == Triple(0)) options.stride = options.kernel_size;
  }

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::avg_pool3d(x, options.kernel_size,
                                 {.stride = options.stride,
                                  .padding = options.padding,
                                  .ceil_mode = options.ceil_mode,
                                  .count_include_pad = options.count_include_pad,
                                  .divisor_override = options.divisor_override});
  }
  std::string extra_repr() const {
    return named_values({{"kernel_size", short_repr(options.kernel_size)},
                         {"stride", short_repr(options.stride)},
                         {"padding", short_repr(options.padding)}});
  }
  auto fields() { return nn::fields("options", options); }

  AvgPool3dOptions options;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
