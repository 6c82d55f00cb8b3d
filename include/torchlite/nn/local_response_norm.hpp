// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/norm/local_response_norm.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// x / (k + alpha m)^beta, m being the mean of the squares in size neighbouring channels.
///   x [N, C, d1, ...] -> same. Source: Krizhevsky et al., NIPS 2012.
struct LocalResponseNorm : Module<LocalResponseNorm> {
  LocalResponseNorm(std::int64_t size_, double alpha_ = 1e-4, double beta_ = 0.75, double k_ = 1)
      : size(size_), alpha(alpha_), beta(beta_), k(k_) {}

  template <tensor_like X>
  tensor_of<X> forward(const X& x) const {
    return torchlite::local_response_norm(x, size, alpha, beta, k);
  }
  std::string extra_repr() const { return format_text("{}, alpha={}, beta={}, k={}", size, repr(alpha), repr(beta), repr(k)); }
  auto fields() { return nn::fields("size", size, "alpha", alpha, "beta", beta, "k", k); }

  std::int64_t size;
  double alpha, beta, k;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
