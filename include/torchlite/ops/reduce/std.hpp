// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/var.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// What std_mean gives.
template <class T, class D>
struct StdMean {
  Tensor<T, D> std;
  Tensor<T, D> mean;
};

/// The standard deviation over all dimensions, or over the given ones: sqrt(sum (x - mean)^2 / (n - correction)).
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
/// The gradient is 0 where all elements are equal.
template <tensor_like X>
auto std(const X& x_, const Axes& dims, const VarianceOptions& options, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(floating<T>, "std needs a floating dtype; cast first: x.to<float>()");
  const Tensor<T, D>& x = eval(x_, site);
  Tensor<T, D> out;
  {
    const NoGradGuard guard;
    out = sqrt(ops::variance("std", x, dims, options, site));
  }
  if (!autograd::needed(x)) return out;
  return autograd::record(
      "std", site, out, autograd::inputs(x),
      [x = autograd::save(x), out = autograd::save_output(out), dims, options](const autograd::Pass& pass, const Tensor<T, D>& g) {
        const Tensor<T, D> y = pass.output(out);
        return ops::variance_gradient(x.get(), Tensor<T, D>(where(eq(y, 0), 0, g / (y * 2))), dims, options);
      });
}
/// Of complex numbers: the root of their variance, which is real.
template <tensor_like X>
  requires(complex_number<value_t<X>>)
auto std(const X& x, const Axes& dims, const VarianceOptions& options, Site site = Site::current()) {
  return Tensor<real_t<value_t<X>>, device_t<X>>(sqrt(var(x, dims, options, site)));
}
template <tensor_like X>
auto std(const X& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return std(x, dims, VarianceOptions{.correction = 1, .keepdim = keepdim}, site);
}
/// The standard deviation and the mean over all dimensions, or over the given ones: auto [std, mean] = std_mean(x, 0).
///   x [...] -> std, mean [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
StdMean<value_t<X>, device_t<X>> std_mean(const X& x_, const Axes& dims, const VarianceOptions& options, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return {torchlite::std(x, dims, options, site), mean(x, dims, options.keepdim, site)};
}
template <tensor_like X>
StdMean<value_t<X>, device_t<X>> std_mean(const X& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return std_mean(x, dims, VarianceOptions{.correction = 1, .keepdim = keepdim}, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
