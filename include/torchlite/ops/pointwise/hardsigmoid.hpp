// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// relu6(x + 3) / 6, elementwise.
struct Hardsigmoid : Symbolic {
  static constexpr std::string_view name = "hardsigmoid";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return min(max(x + T(3), T(0)), T(6)) / T(6);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return select(x > T(-3), select(x < T(3), T(1.0 / 6.0), T(0)), T(0));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Hardsigmoid> hardsigmoid{};

}  // namespace torchlite::inline TORCHLITE_ABI
