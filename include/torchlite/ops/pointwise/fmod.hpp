// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The remainder of a / b with the sign of a, elementwise.
struct Fmod : Symbolic {
  static constexpr std::string_view name = "fmod";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return fmod(a, divisor(b));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{T(1), -trunc(a / b)}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Fmod> fmod{};

}  // namespace torchlite::inline TORCHLITE_ABI
