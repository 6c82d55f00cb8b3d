// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

struct HingeEmbeddingLossOptions {
  double margin = 1;
  Reduction reduction = Reduction::mean;
};

/// x where the target is 1, max(0, margin - x) where it is -1, x being a distance of two things that are alike or not.
///   input [...], target [...] of 1 and -1 -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
tensor_of<X> hinge_embedding_loss(const X& input, const Y& target, const HingeEmbeddingLossOptions& options = {},
                                  Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "hinge_embedding_loss needs a floating dtype; cast first: x.to<float>()");
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto& x = eval(input, site);
  const auto y = eval(target, site).detach();
  return ops::reduce_loss(where(ne(y, 1), clamp(options.margin - x, 0.0, infinity), 0) + where(ne(y, -1), x, 0), options.reduction, site);
}

namespace nn::functional {
using torchlite::hinge_embedding_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
