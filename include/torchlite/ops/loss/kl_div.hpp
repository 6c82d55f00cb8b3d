// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct KlDivOptions {
  Reduction reduction = Reduction::mean;
  bool log_target = false;  ///< the target is given as logarithms, too
};

/// The Kullback-Leibler divergence of each pair of elements, y (log y - x).
///   input [...] of log-probabilities, target [...] of probabilities -> [] or, without a reduction, [...]
/// As in PyTorch the mean is over all elements; the mean divergence of distributions, one in each row, is batchmean.
template <tensor_like X, tensor_like Y>
auto kl_div(const X& input, const Y& target, const KlDivOptions& options = {}, Site site = Site::current()) {
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("kl_div", x, y);
  const bool batchmean = options.reduction == Reduction::batchmean;
  const Reduction reduction = batchmean ? Reduction::sum : options.reduction;
  tensor_of<X> loss;
  if (options.log_target) loss = ops::reduce_loss(exp(y) * (y - x), reduction, site);
  // 0 log 0 is 0; the logarithm is kept finite there for the gradient's sake.
  else loss = ops::reduce_loss(where(ne(y, 0), y * (log(where(ne(y, 0), y, 1)) - x), 0), reduction, site);
  if (batchmean && x.dim() > 0) return tensor_of<X>(loss / static_cast<double>(x.sizes()[0]));
  return loss;
}

namespace nn::functional {
using torchlite::kl_div;
}

}  // namespace torchlite::inline TORCHLITE_ABI
