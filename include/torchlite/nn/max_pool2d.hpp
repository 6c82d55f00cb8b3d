// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/max_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct MaxPool2dOptions {
  Pair kernel_size = 0;
  Pair stride = 0;  ///< 0: kernel_size
  Pair padding = 0;
  Pair dilation = 1;
  bool ceil_mode = false;
};

/// The largest element of each window.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct MaxPool2d : Module<MaxPool2d> {
  MaxPool2d() = default;
  MaxPool2d(Pair kernel_size) : MaxPool2d(MaxPool2dOptions{.kernel_size = kernel_size}) {}
  MaxPool2d(const MaxPool2dOptions& o) : options(o) {
    if (options.stride.h == 0) options.stride = options.kernel_size;
  }

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::max_pool2d(
        x, options.kernel_size,
        {.stride = options.stride, .padding = options.padding, .dilation = options.dilation, .ceil_mode = options.ceil_mode});
  }
  std::string extra_repr() const {
    return format_text("kernel_size={}, stride={}, padding={}, dilation={}, ceil_mode={}", short_repr(options.kernel_size),
                       short_repr(options.stride), short_repr(options.padding), short_repr(options.dilation), repr(options.ceil_mode));
  }
  auto fields() { return nn::fields("options", options); }

  MaxPool2dOptions options;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
