// SPDX-License-Identifier: BSD-3-Clause
// Losses as modules: criterion(input, target).
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/ops/loss/binary_cross_entropy.hpp>
#include <torchlite/ops/loss/binary_cross_entropy_with_logits.hpp>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/loss/huber_loss.hpp>
#include <torchlite/ops/loss/kl_div.hpp>
#include <torchlite/ops/loss/l1_loss.hpp>
#include <torchlite/ops/loss/mse_loss.hpp>
#include <torchlite/ops/loss/nll_loss.hpp>
#include <torchlite/ops/loss/smooth_l1_loss.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// The mean of (x - y)^2.
struct MSELoss : Module<MSELoss> {
  MSELoss() = default;
  MSELoss(const MseLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::mse_loss(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  MseLossOptions options;
};

/// The mean of |x - y|.
struct L1Loss : Module<L1Loss> {
  L1Loss() = default;
  L1Loss(const L1LossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::l1_loss(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  L1LossOptions options;
};

/// 0.5 d^2 / beta where d = |x - y| < beta, d - 0.5 beta elsewhere.
struct SmoothL1Loss : Module<SmoothL1Loss> {
  SmoothL1Loss() = default;
  SmoothL1Loss(const SmoothL1LossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::smooth_l1_loss(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  SmoothL1LossOptions options;
};

/// 0.5 d^2 where d = |x - y| <= delta, delta (d - 0.5 delta) elsewhere.
struct HuberLoss : Module<HuberLoss> {
  HuberLoss() = default;
  HuberLoss(const HuberLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::huber_loss(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  HuberLossOptions options;
};

/// The Kullback-Leibler divergence of each pair of elements, y (log y - x).
struct KLDivLoss : Module<KLDivLoss> {
  KLDivLoss() = default;
  KLDivLoss(const KlDivOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::kl_div(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  KlDivOptions options;
};

/// The negative logarithm of the target class's softmax; options: class weights, ignore_index, label_smoothing, reduction.
/// T and D are the dtype and device of the weights.
template <class T = float, class D = Cpu>
struct CrossEntropyLoss : Module<CrossEntropyLoss<T, D>> {
  CrossEntropyLoss() = default;
  CrossEntropyLoss(const CrossEntropyOptions<T, D>& o) : weight(o.weight), options(o) { options.weight = {}; }
  template <tensor_like Y>
  auto forward(const Tensor<T, D>& input, const Y& target) const {
    CrossEntropyOptions<T, D> o = options;
    o.weight = weight;
    return torchlite::cross_entropy(input, target, o);
  }
  auto fields() { return nn::fields("weight", weight); }

  Buffer<T, D> weight;
  CrossEntropyOptions<T, D> options;  // without the weights
};

/// Minus the input's element of the target class; the input holds log-probabilities.
/// T and D are the dtype and device of the weights.
template <class T = float, class D = Cpu>
struct NLLLoss : Module<NLLLoss<T, D>> {
  NLLLoss() = default;
  NLLLoss(const NllLossOptions<T, D>& o) : weight(o.weight), options(o) { options.weight = {}; }
  template <tensor_like Y>
  auto forward(const Tensor<T, D>& input, const Y& target) const {
    NllLossOptions<T, D> o = options;
    o.weight = weight;
    return torchlite::nll_loss(input, target, o);
  }
  auto fields() { return nn::fields("weight", weight); }

  Buffer<T, D> weight;
  NllLossOptions<T, D> options;  // without the weights
};

/// -(y log x + (1 - y) log(1 - x)), x being probabilities.
/// T and D are the dtype and device of the weights.
template <class T = float, class D = Cpu>
struct BCELoss : Module<BCELoss<T, D>> {
  BCELoss() = default;
  BCELoss(const BinaryCrossEntropyOptions<T, D>& o) : weight(o.weight), options(o) { options.weight = {}; }
  template <tensor_like Y>
  auto forward(const Tensor<T, D>& input, const Y& target) const {
    BinaryCrossEntropyOptions<T, D> o = options;
    o.weight = weight;
    return torchlite::binary_cross_entropy(input, target, o);
  }
  auto fields() { return nn::fields("weight", weight); }

  Buffer<T, D> weight;
  BinaryCrossEntropyOptions<T, D> options;  // without the weights
};

/// -(y log s + (1 - y) log(1 - s)), s being sigmoid(x), without overflow.
/// T and D are the dtype and device of the weights.
template <class T = float, class D = Cpu>
struct BCEWithLogitsLoss : Module<BCEWithLogitsLoss<T, D>> {
  BCEWithLogitsLoss() = default;
  BCEWithLogitsLoss(const BinaryCrossEntropyWithLogitsOptions<T, D>& o) : weight(o.weight), pos_weight(o.pos_weight), options(o) {
    options.weight = {};
    options.pos_weight = {};
  }
  template <tensor_like Y>
  auto forward(const Tensor<T, D>& input, const Y& target) const {
    BinaryCrossEntropyWithLogitsOptions<T, D> o = options;
    o.weight = weight;
    o.pos_weight = pos_weight;
    return torchlite::binary_cross_entropy_with_logits(input, target, o);
  }
  auto fields() { return nn::fields("weight", weight, "pos_weight", pos_weight); }

  Buffer<T, D> weight, pos_weight;
  BinaryCrossEntropyWithLogitsOptions<T, D> options;  // without the weights
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
