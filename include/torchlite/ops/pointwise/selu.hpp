// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The scaled exponential linear unit, elementwise.
/// Source: Klambauer et al., NIPS 2017.
struct Selu : Symbolic {
  static constexpr std::string_view name = "selu";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return T(1.0507009873554804934193349852946) * select(x > T(0), x, T(1.6732632423543772848170429916717) * expm1(min(x, T(0))));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1.0507009873554804934193349852946) * select(x > T(0), T(1), T(1.6732632423543772848170429916717) * exp(min(x, T(0))));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Selu> selu{};

}  // namespace torchlite::inline TORCHLITE_ABI
