// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Hyperbolic sine, elementwise.
struct Sinh : Symbolic {
  static constexpr std::string_view name = "sinh";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return sinh(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return cosh(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Sinh> sinh{};

}  // namespace torchlite::inline TORCHLITE_ABI
