// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/diagonal.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI {

/// correction: subtracted from the number of observations; 1 is the unbiased estimate. fweights: how often each observation was made. aweights:
/// how much each counts.
template <class T, class D>
struct CovOptions {
  double correction = 1;
  Tensor<std::int64_t, D> fweights = {};
  Tensor<T, D> aweights = {};
};

namespace ops {
template <class T, class D>
void check_weights(const char* name, const Tensor<T, D>& w, std::int64_t observations) {
  check<ShapeError>(w.dim() <= 1, "cov: {} have shape {}; they must be a vector", name, w.sizes().str());
  check<ShapeError>(w.numel() == observations, "cov: {} {} for {} observations; each needs one", w.numel(), name, observations);
  check<Error>(!any(lt(w.detach(), 0)).item(), "cov: some of {} are negative; a weight must not be", name);
}
}  // namespace ops

/// The covariances of the variables in rows, whose columns are observations; a vector is one variable.
///   x [k, n] -> [k, k], x [n] -> []
/// Without more observations than the correction there is no estimate: NaN or infinite. Throws ShapeError for more dimensions or weights that
/// do not fit, Error for negative weights.
template <tensor_like X>
tensor_of<X> cov(const X& x_, const CovOptions<value_t<X>, device_t<X>>& options = {}, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  using Y = Tensor<T, D>;
  static_assert(floating<T>, "cov needs a floating dtype; cast first: x.to<float>()");
  const Y& x = eval(x_, site);
  check<ShapeError>(x.dim() <= 2, "cov: a tensor of shape {}; it must have at most two dimensions", x.sizes().str());
  const Y rows = x.dim() == 2 ? x : reshape(x, {1, x.numel()}, site);
  const std::int64_t n = rows.sizes()[1];
  Y weights, total = full<T, D>({}, n);
  if (options.fweights.defined()) {
    ops::check_weights("fweights", options.fweights, n);
    weights = to<T>(options.fweights);
  }
  if (options.aweights.defined()) {
    ops::check_weights("aweights", options.aweights, n);
    weights = weights.defined() ? Y(weights * options.aweights) : options.aweights;
  }
  if (weights.defined()) {
    weights = reshape(weights, {n}, site);
    total = sum(weights, {}, false, site);
    check<Error>(n == 0 || total.item() != T(0), "cov: the weights add up to 0; there is no mean");
  }
  const Y mean = sum(weights.defined() ? Y(rows * weights) : rows, 1, true, site) / total;
  Y norm = total - options.correction;
  if (options.aweights.defined() && options.correction != 0)
    norm = total - options.correction * sum(weights * reshape(options.aweights, {n}, site), {}, false, site) / total;
  norm = clamp(norm, 0, std::numeric_limits<double>::infinity());
  const Y centred = rows - mean;
  const Y products = matmul(centred, t(weights.defined() ? Y(centred * weights) : centred, site), site);
  return squeeze(Y(products / norm), site);
}

/// The correlation coefficients of the variables in rows, whose columns are observations: covariances in units of standard deviations, in
/// [-1, 1].
///   x [k, n] -> [k, k], x [n] -> []
/// Throws ShapeError for more than two dimensions.
template <tensor_like X>
tensor_of<X> corrcoef(const X& x, Site site = Site::current()) {
  using Y = tensor_of<X>;
  const Y c = cov(x, {}, site);
  if (c.dim() == 0) return c / c;
  const Y deviation = sqrt(diagonal(c, 0, 0, 1, site));
  return clamp(c / unsqueeze(deviation, 1, site) / unsqueeze(deviation, 0, site), -1, 1);
}

}  // namespace torchlite::inline TORCHLITE_ABI
