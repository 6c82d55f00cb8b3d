// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/operators.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

struct MarginRankingLossOptions {
  double margin = 0;
  Reduction reduction = Reduction::mean;
};

/// max(0, -y (x1 - x2) + margin): 0 where x1 is larger than x2 (y = 1) or smaller (y = -1) by at least the margin.
///   input1 [...], input2 [...], target [...] of 1 and -1 -> [] or, without a reduction, [...]; sizes of 1 broadcast
template <tensor_like A, tensor_like B, tensor_like Y>
tensor_of<A> margin_ranking_loss(const A& input1, const B& input2, const Y& target, const MarginRankingLossOptions& options = {},
                                 Site site = Site::current()) {
  static_assert(floating<value_t<A>>, "margin_ranking_loss needs a floating dtype; cast first: x.to<float>()");
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto& a = eval(input1, site);
  const auto& b = eval(input2, site);
  const auto& y = eval(target, site);
  check<ShapeError>(a.dim() == b.dim() && a.dim() == y.dim(),
                    "margin_ranking_loss: inputs {} and {} and target {}; all must have the same number of dimensions", a.sizes().str(),
                    b.sizes().str(), y.sizes().str());
  return ops::reduce_loss(clamp(-y * (a - b) + options.margin, 0.0, infinity), options.reduction, site);
}

namespace nn::functional {
using torchlite::margin_ranking_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
