// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/where.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

struct CosineEmbeddingLossOptions {
  double margin = 0;
  Reduction reduction = Reduction::mean;
};

/// 1 - cos(x1, x2) where the target is 1, max(0, cos(x1, x2) - margin) where it is -1.
///   input1, input2 [N, C] with target [N], or [C] with target [] -> [] or, without a reduction, the target's sizes
template <tensor_like A, tensor_like B, tensor_like Y>
tensor_of<A> cosine_embedding_loss(const A& input1, const B& input2, const Y& target, const CosineEmbeddingLossOptions& options = {},
                                   Site site = Site::current()) {
  static_assert(floating<value_t<A>>, "cosine_embedding_loss needs a floating dtype; cast first: x.to<float>()");
  using Tensors = tensor_of<A>;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Tensors& a = eval(input1, site);
  const Tensors& b = eval(input2, site);
  const auto y = eval(target, site).detach();
  check<ShapeError>(y.dim() <= 1 && a.dim() == y.dim() + 1 && b.dim() == y.dim() + 1,
                    "cosine_embedding_loss: inputs {} and {} and target {}; they must be [N, C] and [N], or [C] and []", a.sizes().str(),
                    b.sizes().str(), y.sizes().str());
  const int axis = y.dim();
  constexpr double epsilon = 1e-12;
  const Tensors product = sum(a * b, axis), length1 = sum(square(a), axis), length2 = sum(square(b), axis);
  const Tensors cosine = product / sqrt((length1 + epsilon) * (length2 + epsilon));
  return ops::reduce_loss(where(eq(y, 1), 1 - cosine, 0) + where(eq(y, -1), clamp(cosine - options.margin, 0.0, infinity), 0),
                          options.reduction, site);
}

namespace nn::functional {
using torchlite::cosine_embedding_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
