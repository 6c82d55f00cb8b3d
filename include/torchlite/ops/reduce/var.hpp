// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/reduce/mean.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI {

struct VarianceOptions {
  double correction = 1;  ///< subtracted from the number of elements: 1 is the unbiased estimate
  bool keepdim = false;
};

namespace ops {

/// The mean in the type that is computed with, dimensions kept.
template <class T, class D>
Tensor<register_t<T>, D> precise_mean(const Tensor<T, D>& x, const Axes& dims) {
  const Reads in("var", x);
  const ReducedShape r("var", x.sizes(), dims, true);
  return run_reduction<backend::SumReducer<register_t<T>>, register_t<T>, Tensor<T, D>>(in, r, static_cast<double>(r.count));
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
                          [x = autograd::save(x), dims, r, divisor](const autograd::Pass&, const Tensor<T, D>& g) {
                            return Tensor<T, D>(spread_over(Tensor<T, D>(g * (2 / divisor)), r) * (x.get() - mean(x.get(), dims, true)));
                          });
}

}  // namespace ops

/// The variance over all dimensions, or over the given ones: sum (x - mean)^2 / (n - correction).
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
auto var(const X& x, const Axes& dims, const VarianceOptions& options, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "var needs a floating dtype; cast first: x.to<float>()");
  return ops::variance("var", eval(x, site), dims, options, site);
}
template <tensor_like X>
auto var(const X& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return var(x, dims, VarianceOptions{.correction = 1, .keepdim = keepdim}, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
