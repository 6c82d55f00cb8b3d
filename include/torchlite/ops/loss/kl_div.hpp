// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/gt.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct KlDivOptions {
  Reduction reduction = Reduction::mean;
  bool log_target = false;  ///< the target is given as logarithms, too
};

/// The Kullback-Leibler divergence of each pair of elements, y (log y - x).
///   input [...] of log-probabilities, target [...] of probabilities -> [] or, without a reduction, [...]
/// As in PyTorch the mean is over all elements; the divergence of distributions is the sum divided by their number.
template <tensor_like X, tensor_like Y>
auto kl_div(const X& input, const Y& target, const KlDivOptions& options = {}, Site site = Site::current()) {
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("kl_div", x, y);
  if (options.log_target) return ops::reduce_loss(exp(y) * (y - x), options.reduction, site);
  // 0 log 0 is 0; the logarithm is kept finite there for the gradient's sake.
  return ops::reduce_loss(where(gt(y, 0), y * (log(where(gt(y, 0), y, 1)) - x), 0), options.reduction, site);
}

namespace nn::functional {
using torchlite::kl_div;
}

}  // namespace torchlite::inline TORCHLITE_ABI
