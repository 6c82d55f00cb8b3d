// SPDX-License-Identifier: BSD-3-Clause
// Losses with a margin, as modules: criterion(input, target).
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/ops/loss/cosine_embedding_loss.hpp>
#include <torchlite/ops/loss/hinge_embedding_loss.hpp>
#include <torchlite/ops/loss/margin_ranking_loss.hpp>
#include <torchlite/ops/loss/multi_margin_loss.hpp>
#include <torchlite/ops/loss/multilabel_margin_loss.hpp>
#include <torchlite/ops/loss/multilabel_soft_margin_loss.hpp>
#include <torchlite/ops/loss/soft_margin_loss.hpp>
#include <torchlite/ops/loss/triplet_margin_loss.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// x where the target is 1, max(0, margin - x) where it is -1.
struct HingeEmbeddingLoss : Module<HingeEmbeddingLoss> {
  HingeEmbeddingLoss() = default;
  HingeEmbeddingLoss(const HingeEmbeddingLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::hinge_embedding_loss(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  HingeEmbeddingLossOptions options;
};

/// max(0, -y (x1 - x2) + margin).
struct MarginRankingLoss : Module<MarginRankingLoss> {
  MarginRankingLoss() = default;
  MarginRankingLoss(const MarginRankingLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y, tensor_like Z>
  auto forward(const X& input1, const Y& input2, const Z& target) const {
    return torchlite::margin_ranking_loss(input1, input2, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  MarginRankingLossOptions options;
};

/// 1 - cos(x1, x2) where the target is 1, max(0, cos(x1, x2) - margin) where it is -1.
struct CosineEmbeddingLoss : Module<CosineEmbeddingLoss> {
  CosineEmbeddingLoss() = default;
  CosineEmbeddingLoss(const CosineEmbeddingLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y, tensor_like Z>
  auto forward(const X& input1, const Y& input2, const Z& target) const {
    return torchlite::cosine_embedding_loss(input1, input2, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  CosineEmbeddingLossOptions options;
};

/// log(1 + e^(-y x)).
struct SoftMarginLoss : Module<SoftMarginLoss> {
  SoftMarginLoss() = default;
  SoftMarginLoss(const SoftMarginLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::soft_margin_loss(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  SoftMarginLossOptions options;
};

/// The sum of max(0, 1 - x_i + x_j) / C over the classes i that the target names and the others j.
struct MultiLabelMarginLoss : Module<MultiLabelMarginLoss> {
  MultiLabelMarginLoss() = default;
  MultiLabelMarginLoss(const MultilabelMarginLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::multilabel_margin_loss(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  MultilabelMarginLossOptions options;
};

/// max(0, margin + d(anchor, positive) - d(anchor, negative)), d being a p-norm.
struct TripletMarginLoss : Module<TripletMarginLoss> {
  TripletMarginLoss() = default;
  TripletMarginLoss(const TripletMarginLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y, tensor_like Z>
  auto forward(const X& anchor, const Y& positive, const Z& negative) const {
    return torchlite::triplet_margin_loss(anchor, positive, negative, options);
  }
  auto fields() { return nn::fields("options", options); }

  TripletMarginLossOptions options;
};

/// The same with any distance: a callable that takes two tensors.
///   nn::TripletMarginWithDistanceLoss criterion([](const auto& a, const auto& b) { return ...; }, {.margin = 2});
template <class Distance>
struct TripletMarginWithDistanceLoss : Module<TripletMarginWithDistanceLoss<Distance>> {
  TripletMarginWithDistanceLoss(Distance d, const TripletMarginWithDistanceLossOptions& o = {}) : distance(std::move(d)), options(o) {}
  template <tensor_like X, tensor_like Y, tensor_like Z>
  auto forward(const X& anchor, const Y& positive, const Z& negative) const {
    return torchlite::triplet_margin_with_distance_loss(anchor, positive, negative, distance, options);
  }
  auto fields() { return nn::fields("options", options); }

  Distance distance;
  TripletMarginWithDistanceLossOptions options;
};

/// sum over c != t of max(0, margin - x_t + x_c)^p / C for each row x and its class t.
/// T and D are the dtype and device of the weights.
template <class T = float, class D = Cpu>
struct MultiMarginLoss : Module<MultiMarginLoss<T, D>> {
  MultiMarginLoss() = default;
  MultiMarginLoss(const MultiMarginLossOptions<T, D>& o) : weight(o.weight), options(o) { options.weight = {}; }
  template <tensor_like Y>
  auto forward(const Tensor<T, D>& input, const Y& target) const {
    MultiMarginLossOptions<T, D> o = options;
    o.weight = weight;
    return torchlite::multi_margin_loss(input, target, o);
  }
  auto fields() { return nn::fields("weight", weight); }

  Buffer<T, D> weight;
  MultiMarginLossOptions<T, D> options;  // without the weights
};

/// The mean over the classes of the binary cross entropies of sigmoid(x).
/// T and D are the dtype and device of the weights.
template <class T = float, class D = Cpu>
struct MultiLabelSoftMarginLoss : Module<MultiLabelSoftMarginLoss<T, D>> {
  MultiLabelSoftMarginLoss() = default;
  MultiLabelSoftMarginLoss(const MultilabelSoftMarginLossOptions<T, D>& o) : weight(o.weight), options(o) { options.weight = {}; }
  template <tensor_like Y>
  auto forward(const Tensor<T, D>& input, const Y& target) const {
    MultilabelSoftMarginLossOptions<T, D> o = options;
    o.weight = weight;
    return torchlite::multilabel_soft_margin_loss(input, target, o);
  }
  auto fields() { return nn::fields("weight", weight); }

  Buffer<T, D> weight;
  MultilabelSoftMarginLossOptions<T, D> options;  // without the weights
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
