// SPDX-License-Identifier: BSD-3-Clause
// The p-norm of each sliding window: (sum x^p)^(1 / p).
#pragma once
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/relu.hpp>
#include <torchlite/ops/pointwise/sign.hpp>
#include <torchlite/ops/pool/avg_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// (count * mean)^(1 / p) from the means of x^p; the gradient where the mean is 0 is 0.
template <class T, class D>
Tensor<T, D> lp_of_means(const Tensor<T, D>& means, double p, std::int64_t count, Site site) {
  // x^p is taken without absolute value, as PyTorch does: sums may be negative.
  return pow(mul(mul(sign(means), relu(abs(means))), static_cast<T>(static_cast<double>(count))), static_cast<T>(1 / p)).eval(site);
}

/// The p-norm of each window.
///   x [N, C, L] or [C, L] -> [..., L'], L' = (L - kernel) / stride + 1; stride 0 is the kernel's size
template <tensor_like X>
tensor_of<X> lp_pool1d(const X& x_, double norm_type, std::int64_t kernel, std::int64_t stride = 0, bool ceil_mode = false,
                       Site site = Site::current()) {
  using T = value_t<X>;
  const auto& x = eval(x_, site);
  const auto means = avg_pool1d(pow(x, static_cast<T>(norm_type)), kernel, {.stride = stride, .ceil_mode = ceil_mode}, site);
  return lp_of_means(means, norm_type, kernel, site);
}
/// The p-norm of each window.
///   x [N, C, H, W] or [C, H, W] -> [..., H', W']; stride 0 is the kernel's size
template <tensor_like X>
tensor_of<X> lp_pool2d(const X& x_, double norm_type, Pair kernel, Pair stride = 0, bool ceil_mode = false, Site site = Site::current()) {
  using T = value_t<X>;
  const auto& x = eval(x_, site);
  const auto means = avg_pool2d(pow(x, static_cast<T>(norm_type)), kernel, {.stride = stride, .ceil_mode = ceil_mode}, site);
  return lp_of_means(means, norm_type, kernel.h * kernel.w, site);
}
/// The p-norm of each window.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D', H', W']; stride 0 is the kernel's size
template <tensor_like X>
tensor_of<X> lp_pool3d(const X& x_, double norm_type, Triple kernel, Triple stride = 0, bool ceil_mode = false,
                       Site site = Site::current()) {
  using T = value_t<X>;
  const auto& x = eval(x_, site);
  const auto means = avg_pool3d(pow(x, static_cast<T>(norm_type)), kernel, {.stride = stride, .ceil_mode = ceil_mode}, site);
  return lp_of_means(means, norm_type, kernel.d * kernel.h * kernel.w, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
