// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x * tanh(softplus(x)), elementwise.
/// Source: Misra, 2019.
struct Mish : Symbolic {
  static constexpr std::string_view name = "mish";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x * tanh(max(x, T(0)) + log1p(exp(-abs(x))));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return tanh(max(x, T(0)) + log1p(exp(-abs(x)))) + x * sigmoid(x) * (T(1) - square_of(tanh(max(x, T(0)) + log1p(exp(-abs(x))))));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Mish> mish{};

}  // namespace torchlite::inline TORCHLITE_ABI
