// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Arc tangent in radians, elementwise.
struct Atan : Symbolic {
  static constexpr std::string_view name = "atan";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return atan(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1) / (T(1) + x * x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Atan> atan{};

}  // namespace torchlite::inline TORCHLITE_ABI
