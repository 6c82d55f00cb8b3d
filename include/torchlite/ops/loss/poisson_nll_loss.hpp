// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/gt.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct PoissonNllLossOptions {
  bool log_input = true;  ///< the input is the logarithm of the rate
  bool full = false;      ///< with Stirling's approximation of log y! where y > 1
  double eps = 1e-8;      ///< added to a rate before its logarithm is taken
  Reduction reduction = Reduction::mean;
};

/// The negative log-likelihood of counts y under a Poisson distribution: e^x - y x, or x - y log(x + eps) of rates.
///   input [...], target [...] -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
tensor_of<X> poisson_nll_loss(const X& input, const Y& target, const PoissonNllLossOptions& options = {}, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "poisson_nll_loss needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("poisson_nll_loss", x, y);
  if (!options.full) {
    if (options.log_input) return ops::reduce_loss(exp(x) - y * x, options.reduction, site);
    return ops::reduce_loss(x - y * log(x + options.eps), options.reduction, site);
  }
  constexpr double two_pi = 6.28318530717958647693;
  // Elsewhere the logarithm is that of 1, for the gradient's sake.
  const auto many = where(gt(y, 1), y, 1).eval(site);
  const auto stirling = where(gt(y, 1), many * log(many) - many + log(many * two_pi) * 0.5, 0).eval(site);
  if (options.log_input) return ops::reduce_loss(exp(x) - y * x + stirling, options.reduction, site);
  return ops::reduce_loss(x - y * log(x + options.eps) + stirling, options.reduction, site);
}

namespace nn::functional {
using torchlite::poisson_nll_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
