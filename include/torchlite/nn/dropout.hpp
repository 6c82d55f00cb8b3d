// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/random/alpha_dropout.hpp>
#include <torchlite/ops/random/dropout.hpp>
#include <torchlite/ops/random/feature_dropout.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// In training each element is 0 with probability p and x / (1 - p) else; in evaluation x itself.
///   x [...] -> [...]. Source: Srivastava et al., 2014.
struct Dropout : Module<Dropout> {
  Dropout(double probability = 0.5) : p(probability) { check<Error>(p >= 0 && p <= 1, "Dropout: p is {}; it must be in [0, 1]", p); }

  template <tensor_like X>
  tensor_of<X> forward(const X& x) const {
    return torchlite::dropout(x, p, training);
  }
  std::string extra_repr() const { return format_text("p={}, inplace=False", repr(p)); }
  auto fields() { return nn::fields("p", p, "training", training); }

  double p;
  bool training = true;
};

/// In training whole channels of sequences are 0 with probability p.
///   x [N, C, L] or [C, L] -> same
struct Dropout1d : Module<Dropout1d> {
  Dropout1d(double probability = 0.5) : p(probability) { check<Error>(p >= 0 && p <= 1, "Dropout1d: p is {}; it must be in [0, 1]", p); }

  template <tensor_like X>
  tensor_of<X> forward(const X& x) const {
    return torchlite::dropout1d(x, p, training);
  }
  std::string extra_repr() const { return format_text("p={}, inplace=False", repr(p)); }
  auto fields() { return nn::fields("p", p, "training", training); }

  double p;
  bool training = true;
};

/// In training whole channels of images are 0 with probability p.
///   x [N, C, H, W] -> same
struct Dropout2d : Module<Dropout2d> {
  Dropout2d(double probability = 0.5) : p(probability) { check<Error>(p >= 0 && p <= 1, "Dropout2d: p is {}; it must be in [0, 1]", p); }

  template <tensor_like X>
  tensor_of<X> forward(const X& x) const {
    return torchlite::dropout2d(x, p, training);
  }
  std::string extra_repr() const { return format_text("p={}, inplace=False", repr(p)); }
  auto fields() { return nn::fields("p", p, "training", training); }

  double p;
  bool training = true;
};

/// In training whole channels of volumes are 0 with probability p.
///   x [N, C, D, H, W] or [C, D, H, W] -> same
struct Dropout3d : Module<Dropout3d> {
  Dropout3d(double probability = 0.5) : p(probability) { check<Error>(p >= 0 && p <= 1, "Dropout3d: p is {}; it must be in [0, 1]", p); }

  template <tensor_like X>
  tensor_of<X> forward(const X& x) const {
    return torchlite::dropout3d(x, p, training);
  }
  std::string extra_repr() const { return format_text("p={}, inplace=False", repr(p)); }
  auto fields() { return nn::fields("p", p, "training", training); }

  double p;
  bool training = true;
};

/// Dropout for selu networks: keeps mean 0 and variance 1.
///   x [...] -> [...]. Source: Klambauer et al., NIPS 2017.
struct AlphaDropout : Module<AlphaDropout> {
  AlphaDropout(double probability = 0.5) : p(probability) {
    check<Error>(p >= 0 && p <= 1, "AlphaDropout: p is {}; it must be in [0, 1]", p);
  }

  template <tensor_like X>
  tensor_of<X> forward(const X& x) const {
    return torchlite::alpha_dropout(x, p, training);
  }
  std::string extra_repr() const { return format_text("p={}, inplace=False", repr(p)); }
  auto fields() { return nn::fields("p", p, "training", training); }

  double p;
  bool training = true;
};

/// The same for whole channels.
///   x [N, C, ...] -> same
struct FeatureAlphaDropout : Module<FeatureAlphaDropout> {
  FeatureAlphaDropout(double probability = 0.5) : p(probability) {
    check<Error>(p >= 0 && p <= 1, "FeatureAlphaDropout: p is {}; it must be in [0, 1]", p);
  }

  template <tensor_like X>
  tensor_of<X> forward(const X& x) const {
    return torchlite::feature_alpha_dropout(x, p, training);
  }
  std::string extra_repr() const { return format_text("p={}, inplace=False", repr(p)); }
  auto fields() { return nn::fields("p", p, "training", training); }

  double p;
  bool training = true;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
