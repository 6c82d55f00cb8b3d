// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/log_sigmoid.hpp>
#include <torchlite/ops/pointwise/operators.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct SoftMarginLossOptions {
  Reduction reduction = Reduction::mean;
};

/// log(1 + e^(-y x)) of each pair of elements, written so that nothing overflows.
///   input [...], target [...] of 1 and -1 -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
tensor_of<X> soft_margin_loss(const X& input, const Y& target, const SoftMarginLossOptions& options = {}, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "soft_margin_loss needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("soft_margin_loss", x, y);
  return ops::reduce_loss(-log_sigmoid(y * x), options.reduction, site);
}

namespace nn::functional {
using torchlite::soft_margin_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
