// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/class_loss.hpp>
#include <torchlite/ops/loss/reduce_loss.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D>
struct NllLossOptions {
  Tensor<T, D> weight = {};          ///< [C], of the classes
  std::int64_t ignore_index = -100;  ///< targets that do not count
  Reduction reduction = Reduction::mean;
};

/// The negative log-likelihood: minus the input's element of the target class, weighted.
///   input [C], [N, C] or [N, C, d1, ...] of log-probabilities, target [], [N] or [N, d1, ...] of class indices
///   -> [] or, without a reduction, target's sizes
/// The mean divides by the sum of the targets' weights. Throws IndexError if a target is no class.
template <tensor_like X, tensor_like Y>
auto nll_loss(const X& input, const Y& target, const NllLossOptions<value_t<X>, device_t<X>>& options = {}, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "nll_loss needs a floating dtype; cast first: x.to<float>()");
  return ops::class_loss<false>("nll_loss", eval(input, site), ops::class_indices(eval(target, site)),
                                ops::ClassLoss<value_t<X>, device_t<X>>{options.weight, options.ignore_index, options.reduction, 0}, site);
}

namespace nn::functional {
using torchlite::nll_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
