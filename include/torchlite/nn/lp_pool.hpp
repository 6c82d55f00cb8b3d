// SPDX-License-Identifier: BSD-3-Clause
// The p-norm of each window.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/lp_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// What the layers for one to three dimensions share.
template <class Self, class Size>
struct LPPoolBase : Module<Self> {
  LPPoolBase() = default;
  LPPoolBase(double norm, Size kernel, Size step, bool ceil)
      : norm_type(norm), kernel_size(kernel), stride(step == Size(0) ? kernel : step), ceil_mode(ceil) {}

  std::string extra_repr() const {
    return named_values({{"norm_type", fmt::to_string(norm_type)},
                         {"kernel_size", short_repr(kernel_size)},
                         {"stride", short_repr(stride)},
                         {"ceil_mode", repr(ceil_mode)}});
  }
  auto fields() { return nn::fields("norm_type", norm_type, "kernel_size", kernel_size, "stride", stride, "ceil_mode", ceil_mode); }

  double norm_type = 2;
  Size kernel_size = 1;
  Size stride = 1;
  bool ceil_mode = false;
};

/// The p-norm of each window.
///   x [N, C, L] or [C, L] -> [..., L2]
struct LPPool1d : LPPoolBase<LPPool1d, std::int64_t> {
  LPPool1d() = default;
  /// stride 0: kernel_size
  LPPool1d(double norm, std::int64_t kernel, std::int64_t step = 0, bool ceil = false) : LPPoolBase(norm, kernel, step, ceil) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::lp_pool1d(x, norm_type, kernel_size, stride, ceil_mode);
  }
};

/// The p-norm of each window.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct LPPool2d : LPPoolBase<LPPool2d, Pair> {
  LPPool2d() = default;
  /// stride 0: kernel_size
  LPPool2d(double norm, Pair kernel, Pair step = 0, bool ceil = false) : LPPoolBase(norm, kernel, step, ceil) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::lp_pool2d(x, norm_type, kernel_size, stride, ceil_mode);
  }
};

/// The p-norm of each window.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct LPPool3d : LPPoolBase<LPPool3d, Triple> {
  LPPool3d() = default;
  /// stride 0: kernel_size
  LPPool3d(double norm, Triple kernel, Triple step = 0, bool ceil = false) : LPPoolBase(norm, kernel, step, ceil) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::lp_pool3d(x, norm_type, kernel_size, stride, ceil_mode);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
