// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/avg_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct AvgPool2dOptions {
  Pair kernel_size = 0;
  Pair stride = 0;  ///< 0: kernel_size
  Pair padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
  std::int64_t divisor_override = 0;  ///< 0: the number of elements
};

/// The mean of each window.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct AvgPool2d : Module<AvgPool2d> {
  AvgPool2d() = default;
  AvgPool2d(Pair kernel_size) : AvgPool2d(AvgPool2dOptions{.kernel_size = kernel_size}) {}
  AvgPool2d(const AvgPool2dOptions& o) : options(o) {
    if (options.stride.h == 0) options.stride = options.kernel_size;
  }

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::avg_pool2d(x, options.kernel_size,
                                 {.stride = options.stride,
                                  .padding = options.padding,
                                  .ceil_mode = options.ceil_mode,
                                  .count_include_pad = options.count_include_pad,
                                  .divisor_override = options.divisor_override});
  }
  std::string extra_repr() const {
    return format_text("kernel_size={}, stride={}, padding={}", short_repr(options.kernel_size), short_repr(options.stride),
                       short_repr(options.padding));
  }
  auto fields() { return nn::fields("options", options); }

  AvgPool2dOptions options;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
