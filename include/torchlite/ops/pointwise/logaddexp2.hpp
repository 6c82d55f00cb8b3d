// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// log2(2^a + 2^b), elementwise, without overflow.
struct LogAddExp2 : Symbolic {
  static constexpr std::string_view name = "logaddexp2";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    const T top = select(a > b, a, b), distance = select(a == b, T(0), abs(a - b));
    return top + log1p(exp2(-distance)) * T(1.44269504088896340736);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{sigmoid((a - b) * T(0.69314718055994530942)), sigmoid((b - a) * T(0.69314718055994530942))}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::LogAddExp2> logaddexp2{};

}  // namespace torchlite::inline TORCHLITE_ABI
