// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The largest integer not above x, elementwise; the gradient is 0.
struct Floor : Symbolic {
  static constexpr std::string_view name = "floor";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return floor(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(0);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Floor> floor{};

}  // namespace torchlite::inline TORCHLITE_ABI
