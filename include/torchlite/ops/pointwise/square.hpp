// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x^2, elementwise.
struct Square : Symbolic {
  static constexpr std::string_view name = "square";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x * x;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return x + x;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Square> square{};

}  // namespace torchlite::inline TORCHLITE_ABI
