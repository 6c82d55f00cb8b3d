// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/where.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct SmoothL1LossOptions {
  Reduction reduction = Reduction::mean;
  double beta = 1;  ///< where the parabola ends
};

/// 0.5 d^2 / beta where d = |x - y| < beta, d - 0.5 beta elsewhere.
///   input [...], target [...] -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
auto smooth_l1_loss(const X& input, const Y& target, const SmoothL1LossOptions& options = {}, Site site = Site::current()) {
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("smooth_l1_loss", x, y);
  const double beta = options.beta;
  check<Error>(beta >= 0, "smooth_l1_loss: beta is {}; it must not be negative", beta);
  if (beta == 0) return ops::reduce_loss(abs(x - y), options.reduction, site);
  return ops::reduce_loss(where(lt(abs(x - y), beta), square(x - y) * (0.5 / beta), abs(x - y) - 0.5 * beta), options.reduction, site);
}

namespace nn::functional {
using torchlite::smooth_l1_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
