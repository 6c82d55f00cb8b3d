// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/shape/view_as_real.hpp>

#include <algorithm>
#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

struct VarianceOptions {
  double correction = 1;  ///< subtracted from the number of elements: 1 is the unbiased estimate
  bool keepdim = false;
};

/// What var_mean gives.
template <class T, class D>
struct VarMean {
  Tensor<T, D> var;
  Tensor<T, D> mean;
};

namespace ops {

/// The mean in the type that is computed with, dimensions kept.
template <class T, class D>
Tensor<register_t<T>, D> precise_mean(const Tensor<T, D>& x, const Axes& dims) {
  const Reads in("var", x);
  const ReducedShape r("var", x.sizes(), dims, true);
  return run_reduction<backend::SumReducer<register_t<T>>, register_t<T>, Tensor<T, D>>(in, r, static_cast<double>(r.count));
}

/// The gradient of var, g being that of the result: 2 (x - mean) / (n - correction) g.
template <class T, class D>
Tensor<T, D> variance_gradient(const Tensor<T, D>& x, const Tensor<T, D>& g, const Axes& dims, const VarianceOptions& options) {
  const ReducedShape r("var", x.sizes(), dims, options.keepdim);
  const double freedom = static_cast<double>(r.count) - options.correction;
  // Without a degree of freedom the variance is sum / 0, and its gradient infinite, or NaN where x is the mean.
  const double scale = freedom > 0 ? 2 / freedom : std::numeric_limits<double>::infinity();
  return spread_over(Tensor<T, D>(g * scale), r) * (x - mean(x, dims, true));
}

template <class T, class D>
Tensor<T, D> variance(const char* op, const Tensor<T, D>& x, const Axes& dims, const VarianceOptions& options, Site site) {
  const ReducedShape r(op, x.sizes(), dims, options.keepdim);
  const double divisor = std::max(static_cast<double>(r.count) - options.correction, 0.0);
  Tensor<T, D> out;
  {
    const NoGradGuard guard;
    const auto squares = square(x.detach() - precise_mean(x, dims));
    using E = std::remove_const_t<decltype(squares)>;
    out = run_reduction<backend::SumReducer<reduced_value<E>>, T, E>(Reads<E>(op, squares), r, divisor);
  }
  if (!autograd::needed(x)) return out;
  return autograd::record(op, site, std::move(out), autograd::inputs(x),
                          [x = autograd::save(x), dims, options](const autograd::Pass&, const Tensor<T, D>& g) {
                            return variance_gradient(x.get(), g, dims, options);
                          });
}

}  // namespace ops

/// The variance over all dimensions, or over the given ones: sum |x - mean|^2 / (n - correction).
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
/// Two passes, the mean and the squares carried in double. NaN where n = correction, of no element for example.
template <tensor_like X>
auto var(const X& x, const Axes& dims, const VarianceOptions& options, Site site = Site::current()) {
  using T = value_t<X>;
  static_assert(differentiable<T>, "var needs a floating dtype; cast first: x.to<float>()");
  if constexpr (complex_number<T>) {
    const Tensor<T, device_t<X>>& z = eval(x, site);
    return Tensor<real_t<T>, device_t<X>>(var(real(z), dims, options, site) + var(imag(z), dims, options, site));
  } else {
    return ops::variance("var", eval(x, site), dims, options, site);
  }
}
template <tensor_like X>
auto var(const X& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return var(x, dims, VarianceOptions{.correction = 1, .keepdim = keepdim}, site);
}
/// The variance and the mean over all dimensions, or over the given ones: auto [var, mean] = var_mean(x, 0).
///   x [...] -> var, mean [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
VarMean<value_t<X>, device_t<X>> var_mean(const X& x_, const Axes& dims, const VarianceOptions& options, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return {var(x, dims, options, site), mean(x, dims, options.keepdim, site)};
}
template <tensor_like X>
VarMean<value_t<X>, device_t<X>> var_mean(const X& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return var_mean(x, dims, VarianceOptions{.correction = 1, .keepdim = keepdim}, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
