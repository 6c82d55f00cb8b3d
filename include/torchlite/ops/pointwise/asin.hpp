// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Arc sine in radians, elementwise; NaN outside [-1, 1].
struct Asin : Symbolic {
  static constexpr std::string_view name = "asin";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return asin(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return rsqrt(T(1) - x * x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Asin> asin{};

}  // namespace torchlite::inline TORCHLITE_ABI
