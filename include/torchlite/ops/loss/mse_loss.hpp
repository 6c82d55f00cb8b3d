// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/square.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct MseLossOptions {
  Reduction reduction = Reduction::mean;
};

/// The squared difference (x - y)^2 of each pair of elements: one pass forward, one backward.
///   input [...], target [...] -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
auto mse_loss(const X& input, const Y& target, const MseLossOptions& options = {}, Site site = Site::current()) {
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("mse_loss", x, y);
  return ops::reduce_loss(square(x - y), options.reduction, site);
}

namespace nn::functional {
using torchlite::mse_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
