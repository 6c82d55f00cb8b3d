// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// 1 / (1 + e^-x), elementwise.
struct Sigmoid : Symbolic {
  static constexpr std::string_view name = "sigmoid";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return sigmoid(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return y * (T(1) - y);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return y * (T(1) - y);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Sigmoid> sigmoid{};

}  // namespace torchlite::inline TORCHLITE_ABI
