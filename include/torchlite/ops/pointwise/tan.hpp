// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Tangent of x in radians, elementwise.
struct Tan : Symbolic {
  static constexpr std::string_view name = "tan";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return tan(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return T(1) + y * y;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return T(1) + y * y;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Tan> tan{};

}  // namespace torchlite::inline TORCHLITE_ABI
