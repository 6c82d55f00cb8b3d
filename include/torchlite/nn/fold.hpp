// SPDX-License-Identifier: BSD-3-Clause
// The windows of an image as columns, and columns added up to an image.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/conv/unfold.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// Every window of an image as a column.
///   x [N, C, H, W] or [C, H, W] -> [N, C kH kW, L]
struct Unfold : Module<Unfold> {
  Unfold() = default;
  Unfold(Pair kernel, const UnfoldOptions& o = {}) : kernel_size(kernel), options(o) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::unfold(x, kernel_size, options);
  }
  std::string extra_repr() const {
    return named_values({{"kernel_size", short_repr(kernel_size)},
                         {"dilation", short_repr(options.dilation)},
                         {"padding", short_repr(options.padding)},
                         {"stride", short_repr(options.stride)}});
  }
  auto fields() { return nn::fields("kernel_size", kernel_size, "options", options); }

  Pair kernel_size = 1;
  UnfoldOptions options;
};

/// The image whose pixels are the sums of what the columns of Unfold have there.
///   x [N, C kH kW, L] or [C kH kW, L] -> [N, C, output_size.h, output_size.w]
struct Fold : Module<Fold> {
  Fold() = default;
  Fold(Pair size, Pair kernel, const UnfoldOptions& o = {}) : output_size(size), kernel_size(kernel), options(o) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::fold(x, output_size, kernel_size, options);
  }
  std::string extra_repr() const {
    return named_values({{"output_size", short_repr(output_size)},
                         {"kernel_size", short_repr(kernel_size)},
                         {"dilation", short_repr(options.dilation)},
                         {"padding", short_repr(options.padding)},
                         {"stride", short_repr(options.stride)}});
  }
  auto fields() { return nn::fields("output_size", output_size, "kernel_size", kernel_size, "options", options); }

  Pair output_size = 1;
  Pair kernel_size = 1;
  UnfoldOptions options;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
