// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct GaussianNllLossOptions {
  bool full = false;  ///< with the constant log(2 pi) / 2
  double eps = 1e-6;  ///< the smallest variance that is computed with
  Reduction reduction = Reduction::mean;
};

/// The negative log-likelihood of the target under a normal distribution, (log var + (x - y)^2 / var) / 2 of each element.
///   input [...], target of the same sizes (or broadcasting), var [...], [..., 1] or without the last dimension -> [] or, without a
///   reduction, [...]
/// Variances below eps count as eps, and still get the gradient that eps has. Throws if one is negative.
/// Source: Nix and Weigend, Estimating the mean and variance of the target probability distribution, ICNN 1994.
template <tensor_like X, tensor_like Y, tensor_like V>
tensor_of<X> gaussian_nll_loss(const X& input, const Y& target, const V& var_, const GaussianNllLossOptions& options = {},
                               Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "gaussian_nll_loss needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  tensor_of<V> var = eval(var_, site);
  if (var.sizes() != x.sizes()) {
    Shape outer = x.sizes();
    if (outer.rank() > 0) outer.erase(outer.rank() - 1);
    Shape column = outer;
    column.push_back(1);
    const bool flat = x.dim() > 0 && var.sizes() == outer;
    check<ShapeError>(flat || (x.dim() > 0 && var.sizes() == column),
                      "gaussian_nll_loss: the variances of shape {} do not fit the input of shape {}; they must be {} or {}, too",
                      var.sizes().str(), x.sizes().str(), outer.str(), column.str());
    if (flat) var = unsqueeze(var, -1, site);
  }
  check<Error>(!any(lt(var.detach(), 0)).item(), "gaussian_nll_loss: a variance is negative; all must be at least 0");
  // Not a clamp: its gradient would be 0 below eps, and such variances could never grow again.
  const tensor_of<V> raised = maximum(var.detach(), options.eps) - var.detach(), v = var + raised;
  const double constant = options.full ? 0.91893853320467274178 : 0;
  return ops::reduce_loss((log(v) + square(x - y) / v) * 0.5 + constant, options.reduction, site);
}

/// The same variance for all elements.
template <tensor_like X, tensor_like Y>
tensor_of<X> gaussian_nll_loss(const X& input, const Y& target, double var, const GaussianNllLossOptions& options = {},
                               Site site = Site::current()) {
  const auto& x = eval(input, site);
  return gaussian_nll_loss(x, target, full<value_t<X>, device_t<X>>(x.sizes(), var), options, site);
}

namespace nn::functional {
using torchlite::gaussian_nll_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
