// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Sine of x in radians, elementwise.
struct Sin : Symbolic {
  static constexpr std::string_view name = "sin";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return sin(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return cos(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Sin> sin{};

}  // namespace torchlite::inline TORCHLITE_ABI
