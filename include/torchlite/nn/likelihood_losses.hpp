// SPDX-License-Identifier: BSD-3-Clause
// Losses of distributions and of sequences, as modules.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/ops/loss/ctc_loss.hpp>
#include <torchlite/ops/loss/gaussian_nll_loss.hpp>
#include <torchlite/ops/loss/poisson_nll_loss.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// (log var + (x - y)^2 / var) / 2 of each element.
struct GaussianNLLLoss : Module<GaussianNLLLoss> {
  GaussianNLLLoss() = default;
  GaussianNLLLoss(const GaussianNllLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y, tensor_like Z>
  auto forward(const X& input, const Y& target, const Z& var) const {
    return torchlite::gaussian_nll_loss(input, target, var, options);
  }
  auto fields() { return nn::fields("options", options); }

  GaussianNllLossOptions options;
};

/// e^x - y x, or x - y log(x + eps) of rates.
struct PoissonNLLLoss : Module<PoissonNLLLoss> {
  PoissonNLLLoss() = default;
  PoissonNLLLoss(const PoissonNllLossOptions& o) : options(o) {}
  template <tensor_like X, tensor_like Y>
  auto forward(const X& input, const Y& target) const {
    return torchlite::poisson_nll_loss(input, target, options);
  }
  auto fields() { return nn::fields("options", options); }

  PoissonNllLossOptions options;
};

/// Minus the log of the probability that sequences of labels are spelt, with any timing.
struct CTCLoss : Module<CTCLoss> {
  CTCLoss() = default;
  CTCLoss(const CtcLossOptions& o) : options(o) {}
  /// Lengths are tensors or vectors.
  template <tensor_like X, tensor_like Y, class I, class L>
  auto forward(const X& log_probs, const Y& targets, const I& input_lengths, const L& target_lengths) const {
    return torchlite::ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
  }
  auto fields() { return nn::fields("options", options); }

  CtcLossOptions options;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
