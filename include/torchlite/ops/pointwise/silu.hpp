// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x * sigmoid(x), elementwise: swish.
/// Source: Hendrycks and Gimpel, 2016.
struct Silu : Symbolic {
  static constexpr std::string_view name = "silu";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x * sigmoid(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return sigmoid(x) * (T(1) + x * (T(1) - sigmoid(x)));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Silu> silu{};

}  // namespace torchlite::inline TORCHLITE_ABI
