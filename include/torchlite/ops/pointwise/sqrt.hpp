// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Square root, elementwise; NaN below 0.
struct Sqrt : Symbolic {
  static constexpr std::string_view name = "sqrt";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return sqrt(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return T(0.5) / y;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return T(0.5) / y;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Sqrt> sqrt{};

}  // namespace torchlite::inline TORCHLITE_ABI
