// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/operators.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct L1LossOptions {
  Reduction reduction = Reduction::mean;
};

/// The absolute difference |x - y| of each pair of elements.
///   input [...], target [...] -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
auto l1_loss(const X& input, const Y& target, const L1LossOptions& options = {}, Site site = Site::current()) {
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("l1_loss", x, y);
  return ops::reduce_loss(abs(x - y), options.reduction, site);
}

namespace nn::functional {
using torchlite::l1_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
