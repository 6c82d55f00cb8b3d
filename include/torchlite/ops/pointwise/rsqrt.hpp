// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// 1 / sqrt(x), elementwise.
struct Rsqrt : Symbolic {
  static constexpr std::string_view name = "rsqrt";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return rsqrt(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T y) {
    return T(-0.5) * y * y * y;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return T(-0.5) * y * y * y;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Rsqrt> rsqrt{};

}  // namespace torchlite::inline TORCHLITE_ABI
