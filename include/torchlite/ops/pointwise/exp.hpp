// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// e^x, elementwise.
struct Exp : Symbolic {
  static constexpr std::string_view name = "exp";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return exp(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return y;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return y;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Exp> exp{};

}  // namespace torchlite::inline TORCHLITE_ABI
