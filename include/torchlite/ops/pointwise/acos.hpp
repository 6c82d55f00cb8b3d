// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Arc cosine in radians, elementwise; NaN outside [-1, 1].
struct Acos : Symbolic {
  static constexpr std::string_view name = "acos";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return acos(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return -rsqrt(T(1) - x * x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Acos> acos{};

}  // namespace torchlite::inline TORCHLITE_ABI
