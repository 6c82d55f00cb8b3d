// SPDX-License-Identifier: BSD-3-Clause
// The largest element of each window, in one and three dimensions.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/max_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct MaxPool1dOptions {
  std::int64_t kernel_size = 0;
  std::int64_t stride = 0;  ///< 0: kernel_size
  std::int64_t padding = 0;
  std::int64_t dilation = 1;
  bool ceil_mode = false;
};

/// The largest element of each window.
///   x [N, C, L] or [C, L] -> [..., L2]
struct MaxPool1d : Module<MaxPool1d> {
  MaxPool1d() = default;
  MaxPool1d(std::int64_t kernel_size) : MaxPool1d(MaxPool1dOptions{.kernel_size = kernel_size}) {}
  MaxPool1d(const MaxPool1dOptions& o) : options(o) {
    if (options.stride == std::int64_t(0)) options.stride = options.kernel_size;
  }

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::max_pool1d(
        x, options.kernel_size,
        {.stride = options.stride, .padding = options.padding, .dilation = options.dilation, .ceil_mode = options.ceil_mode});
  }
  std::string extra_repr() const {
    return named_values({{"kernel_size", short_repr(options.kernel_size)},
                         {"stride", short_repr(options.stride)},
                         {"padding", short_repr(options.padding)},
                         {"dilation", short_repr(options.dilation)},
                         {"ceil_mode", repr(options.ceil_mode)}});
  }
  auto fields() { return nn::fields("options", options); }

  MaxPool1dOptions options;
};

struct MaxPool3dOptions {
  Triple kernel_size = 0;
  Triple stride = 0;  ///< 0: kernel_size
  Triple padding = 0;
  Triple dilation = 1;
  bool ceil_mode = false;
};

/// The largest element of each window.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct MaxPool3d : Module<MaxPool3d> {
  MaxPool3d() = default;
  MaxPool3d(Triple kernel_size) : MaxPool3d(MaxPool3dOptions{.kernel_size = kernel_size}) {}
  MaxPool3d(const MaxPool3dOptions& o) : options(o) {
    if (options.stride == Triple(0)) options.stride = options.kernel_size;
  }

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::max_pool3d(
        x, options.kernel_size,
        {.stride = options.stride, .padding = options.padding, .dilation = options.dilation, .ceil_mode = options.ceil_mode});
  }
  std::string extra_repr() const {
    return named_values({{"kernel_size", short_repr(options.kernel_size)},
                         {"stride", short_repr(options.stride)},
                         {"padding", short_repr(options.padding)},
                         {"dilation", short_repr(options.dilation)},
                         {"ceil_mode", repr(options.ceil_mode)}});
  }
  auto fields() { return nn::fields("options", options); }

  MaxPool3dOptions options;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
