// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Inverse hyperbolic cosine, elementwise; NaN below 1.
struct Acosh : Symbolic {
  static constexpr std::string_view name = "acosh";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return acosh(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return rsqrt(x * x - T(1));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Acosh> acosh{};

}  // namespace torchlite::inline TORCHLITE_ABI
