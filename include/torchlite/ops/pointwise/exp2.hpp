// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// 2^x, elementwise.
struct Exp2 : Symbolic {
  static constexpr std::string_view name = "exp2";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return exp2(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return y * T(0.69314718055994530942);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return y * T(0.69314718055994530942);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Exp2> exp2{};

}  // namespace torchlite::inline TORCHLITE_ABI
