// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Hyperbolic tangent, elementwise.
struct Tanh : Symbolic {
  static constexpr std::string_view name = "tanh";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return tanh(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return T(1) - y * y;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return T(1) - y * y;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Tanh> tanh{};

}  // namespace torchlite::inline TORCHLITE_ABI
