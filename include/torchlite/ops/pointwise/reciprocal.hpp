// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// 1 / x, elementwise.
struct Reciprocal : Symbolic {
  static constexpr std::string_view name = "reciprocal";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return T(1) / x;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return -(y * y);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return -(y * y);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Reciprocal> reciprocal{};

}  // namespace torchlite::inline TORCHLITE_ABI
