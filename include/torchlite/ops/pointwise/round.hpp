// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The nearest integer to x, halves to the even one, elementwise; the gradient is 0.
struct Round : Symbolic {
  static constexpr std::string_view name = "round";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return round(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(0);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Round> round{};

}  // namespace torchlite::inline TORCHLITE_ABI
