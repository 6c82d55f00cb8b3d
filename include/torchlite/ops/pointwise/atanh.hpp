// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Inverse hyperbolic tangent, elementwise; NaN outside [-1, 1].
struct Atanh : Symbolic {
  static constexpr std::string_view name = "atanh";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return atanh(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1) / (T(1) - x * x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Atanh> atanh{};

}  // namespace torchlite::inline TORCHLITE_ABI
