// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x * 2^n, elementwise, broadcast; integers give float.
struct Ldexp : Symbolic {
  static constexpr std::string_view name = "ldexp";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T n) {
    return x * exp2(n);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T n) {
    return {{exp2(n), x * exp2(n) * T(0.69314718055994530942)}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Ldexp> ldexp{};

}  // namespace torchlite::inline TORCHLITE_ABI
