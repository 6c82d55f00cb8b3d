// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// log(1 + e^(beta * x)) / beta, elementwise, and x itself where beta * x > threshold: a smooth relu.
/// Written with e^-|x|, so that large x does not overflow.
/// Source: Dugas et al., NIPS 2000.
struct Softplus : Symbolic {
  static constexpr std::string_view name = "softplus";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T beta, T threshold) {
    return select(x * beta > threshold, x, (max(x * beta, T(0)) + log1p(exp(-abs(x * beta)))) / beta);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T x, T beta, T threshold) {
    return {{select(x * beta > threshold, T(1), sigmoid(x * beta)), T(0), T(0)}};
  }
};
}  // namespace pointwise

}  // namespace torchlite::inline TORCHLITE_ABI
