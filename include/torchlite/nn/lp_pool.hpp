// SPDX-License-Identifier: BSD-3-Clause
// The p-norm of each window.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/lp_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// The p-norm of each window.
///   x [N, C, L] or [C, L] -> [..., L2]
struct LPPool1d : Module<LPPool1d> {
  LPPool1d() = default;
  /// stride 0: kernel_size
  LPPool1d(double norm, std::int64_t kernel, std::int64_t step = 0, bool ceil = false)
      : norm_type(norm), kernel_size(kernel), stride(step == std::int64_t(0) ? kernel : step), ceil_mode(ceil) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::lp_pool1d(x, norm_type, kernel_size, stride, ceil_mode);
  }
  std::string extra_repr() const {
    return format_text("norm_type={}, kernel_size={}, stride={}, ceil_mode={}", norm_type, short_repr(kernel_size), short_repr(stride),
                       repr(ceil_mode));
  }
  auto fields() { return nn::fields("norm_type", norm_type, "kernel_size", kernel_size, "stride", stride, "ceil_mode", ceil_mode); }

  double norm_type = 2;
  std::int64_t kernel_size = 1;
  std::int64_t stride = 1;
  bool ceil_mode = false;
};

/// The p-norm of each window.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct LPPool2d : Module<LPPool2d> {
  LPPool2d() = default;
  /// stride 0: kernel_size
  LPPool2d(double norm, Pair kernel, Pair step = 0, bool ceil = false)
      : norm_type(norm), kernel_size(kernel), stride(step == Pair(0) ? kernel : step), ceil_mode(ceil) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::lp_pool2d(x, norm_type, kernel_size, stride, ceil_mode);
  }
  std::string extra_repr() const {
    return format_text("norm_type={}, kernel_size={}, stride={}, ceil_mode={}", norm_type, short_repr(kernel_size), short_repr(stride),
                       repr(ceil_mode));
  }
  auto fields() { return nn::fields("norm_type", norm_type, "kernel_size", kernel_size, "stride", stride, "ceil_mode", ceil_mode); }

  double norm_type = 2;
  Pair kernel_size = 1;
  Pair stride = 1;
  bool ceil_mode = false;
};

/// The p-norm of each window.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct LPPool3d : Module<LPPool3d> {
  LPPool3d() = default;
  /// stride 0: kernel_size
  LPPool3d(double norm, Triple kernel, Triple step = 0, bool ceil = false)
      : norm_type(norm), kernel_size(kernel), stride(step == Triple(0) ? kernel : step), ceil_mode(ceil) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::lp_pool3d(x, norm_type, kernel_size, stride, ceil_mode);
  }
  std::string extra_repr() const {
    return format_text("norm_type={}, kernel_size={}, stride={}, ceil_mode={}", norm_type, short_repr(kernel_size), short_repr(stride),
                       repr(ceil_mode));
  }
  auto fields() { return nn::fields("norm_type", norm_type, "kernel_size", kernel_size, "stride", stride, "ceil_mode", ceil_mode); }

  double norm_type = 2;
  Triple kernel_size = 1;
  Triple stride = 1;
  bool ceil_mode = false;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
