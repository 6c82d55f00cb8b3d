// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Cosine of x in radians, elementwise.
struct Cos : Symbolic {
  static constexpr std::string_view name = "cos";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return cos(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return -sin(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Cos> cos{};

}  // namespace torchlite::inline TORCHLITE_ABI
