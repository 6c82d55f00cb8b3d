// SPDX-License-Identifier: BSD-3-Clause
// Max pooling by a ratio that need not be whole.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/fractional_max_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// The largest element of each window, the windows at random places.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
template <class T = float, class D = Cpu>
struct FractionalMaxPool2d : Module<FractionalMaxPool2d<T, D>> {
  FractionalMaxPool2d() = default;
  FractionalMaxPool2d(Pair kernel, const FractionalMaxPool2dOptions& o, const Tensor<T, D>& samples = {})
      : kernel_size(kernel), options(o) {
    if (samples.defined()) _random_samples = samples;
  }

  Tensor<T, D> forward(const Tensor<T, D>& x) const { return torchlite::fractional_max_pool2d(x, kernel_size, options, _random_samples); }
  auto fields() { return nn::fields("kernel_size", kernel_size, "options", options, "_random_samples", _random_samples); }

  Pair kernel_size = 1;
  FractionalMaxPool2dOptions options;
  Buffer<T, D> _random_samples;  ///< drawn anew in every call if undefined
};

/// The largest element of each window, the windows at random places.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
template <class T = float, class D = Cpu>
struct FractionalMaxPool3d : Module<FractionalMaxPool3d<T, D>> {
  FractionalMaxPool3d() = default;
  FractionalMaxPool3d(Triple kernel, const FractionalMaxPool3dOptions& o, const Tensor<T, D>& samples = {})
      : kernel_size(kernel), options(o) {
    if (samples.defined()) _random_samples = samples;
  }

  Tensor<T, D> forward(const Tensor<T, D>& x) const { return torchlite::fractional_max_pool3d(x, kernel_size, options, _random_samples); }
  auto fields() { return nn::fields("kernel_size", kernel_size, "options", options, "_random_samples", _random_samples); }

  Triple kernel_size = 1;
  FractionalMaxPool3dOptions options;
  Buffer<T, D> _random_samples;  ///< drawn anew in every call if undefined
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
