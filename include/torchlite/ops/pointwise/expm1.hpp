// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// e^x - 1, elementwise, accurate near 0.
struct Expm1 : Symbolic {
  static constexpr std::string_view name = "expm1";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return expm1(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return y + T(1);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return y + T(1);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Expm1> expm1{};

}  // namespace torchlite::inline TORCHLITE_ABI
