// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/random/dropout.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// In training each element is 0 with probability p and x / (1 - p) else; in evaluation x itself.
///   x [...] -> [...]. Source: Srivastava et al., 2014.
struct Dropout : Module<Dropout> {
  Dropout(double probability = 0.5) : p(probability) { check<Error>(p >= 0 && p <= 1, "Dropout: p is {}; it must be in [0, 1]", p); }

  template <tensor_like X>
  tensor_of<X> forward(const X& x) const {
    return torchlite::dropout(x, p, training);
  }
  std::string extra_repr() const { return fmt::format("p={}, inplace=False", repr(p)); }
  auto fields() { return nn::fields("p", p, "training", training); }

  double p;
  bool training = true;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
