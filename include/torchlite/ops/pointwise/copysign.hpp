// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// |a| with the sign of b, elementwise.
struct CopySign : Symbolic {
  static constexpr std::string_view name = "copysign";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return copysign(a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{sign(a) * copysign(T(1), b), T(0)}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::CopySign> copysign{};

}  // namespace torchlite::inline TORCHLITE_ABI
