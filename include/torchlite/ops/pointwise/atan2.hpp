// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The angle of the point (b, a) in radians, elementwise.
struct Atan2 : Symbolic {
  static constexpr std::string_view name = "atan2";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return atan2(a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{b / (a * a + b * b), -a / (a * a + b * b)}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Atan2> atan2{};

}  // namespace torchlite::inline TORCHLITE_ABI
