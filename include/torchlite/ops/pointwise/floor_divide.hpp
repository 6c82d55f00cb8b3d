// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a / b rounded down, elementwise.
struct FloorDivide : Symbolic {
  static constexpr std::string_view name = "floor_divide";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return floor_divide(a, divisor(b));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T, T) {
    return {{T(0), T(0)}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::FloorDivide> floor_divide{};

}  // namespace torchlite::inline TORCHLITE_ABI
