// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// sqrt(a^2 + b^2), elementwise, without overflow.
struct Hypot : Symbolic {
  static constexpr std::string_view name = "hypot";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return hypot(a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b, T y) {
    return {{a / y, b / y}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Hypot> hypot{};

}  // namespace torchlite::inline TORCHLITE_ABI
