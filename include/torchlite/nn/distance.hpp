// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/ops/distance/cosine_similarity.hpp>
#include <torchlite/ops/distance/pairwise_distance.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// x1 . x2 / (max(|x1|, eps) max(|x2|, eps)) along a dimension.
///   x1 [a, C, b], x2 [a, C, b] -> [a, b]
struct CosineSimilarity : Module<CosineSimilarity> {
  CosineSimilarity(std::int64_t dimension = 1, double epsilon = 1e-8) : dim(dimension), eps(epsilon) {}
  template <tensor_like A, tensor_like B>
  auto forward(const A& x1, const B& x2) const {
    return torchlite::cosine_similarity(x1, x2, dim, eps);
  }
  auto fields() { return nn::fields("dim", dim, "eps", eps); }

  std::int64_t dim;
  double eps;
};

/// The p-norm of x1 - x2 + eps along the last dimension.
///   x1 [..., C], x2 [..., C] -> [...] ([..., 1] with keepdim)
struct PairwiseDistance : Module<PairwiseDistance> {
  PairwiseDistance(double p_ = 2, double epsilon = 1e-6, bool keep = false) : p(p_), eps(epsilon), keepdim(keep) {}
  template <tensor_like A, tensor_like B>
  auto forward(const A& x1, const B& x2) const {
    return torchlite::pairwise_distance(x1, x2, p, eps, keepdim);
  }
  auto fields() { return nn::fields("p", p, "eps", eps, "keepdim", keepdim); }

  double p, eps;
  bool keepdim;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
