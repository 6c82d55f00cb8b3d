// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/le.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/where.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct HuberLossOptions {
  Reduction reduction = Reduction::mean;
  double delta = 1;  ///< where the parabola ends
};

/// 0.5 d^2 where d = |x - y| <= delta, delta (d - 0.5 delta) elsewhere.
///   input [...], target [...] -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
auto huber_loss(const X& input, const Y& target, const HuberLossOptions& options = {}, Site site = Site::current()) {
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("huber_loss", x, y);
  const double delta = options.delta;
  check<Error>(delta > 0, "huber_loss: delta is {}; it must be positive", delta);
  return ops::reduce_loss(where(le(abs(x - y), delta), square(x - y) * 0.5, (abs(x - y) - 0.5 * delta) * delta), options.reduction, site);
}

namespace nn::functional {
using torchlite::huber_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
