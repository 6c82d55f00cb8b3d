// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// -1, 0 or 1 by the sign of x, elementwise; the gradient is 0.
struct Sign : Symbolic {
  static constexpr std::string_view name = "sign";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return sign(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(0);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Sign> sign{};

}  // namespace torchlite::inline TORCHLITE_ABI
