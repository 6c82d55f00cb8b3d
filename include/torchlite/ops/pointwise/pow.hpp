// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a^b, elementwise, broadcast; integers stay integers.
struct Pow : Symbolic {
  static constexpr std::string_view name = "pow";
  static constexpr Result result = Result::same;
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return pow(a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b, T y) {
    if constexpr (is_complex_valued<T>)
      return {{select(b == T(0), T(0), b * pow(a, b - T(1))), select(a == T(0), T(0), y * log(select(a == T(0), T(1), a)))}};
    else
      return {{select(b == T(0), T(0), b * pow(a, b - T(1))),
               select(a == T(0), T(0), y * log(select(a > T(0), a, T(1))) + select(a < T(0), a - a, T(0)))}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Pow> pow{};

}  // namespace torchlite::inline TORCHLITE_ABI
