// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a + w * (b - a), elementwise; from the nearer end, so that w = 1 gives b exactly.
struct Lerp : Symbolic {
  static constexpr std::string_view name = "lerp";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b, T w) {
    return select(abs(w) < static_cast<decltype(abs(w))>(0.5), a + w * (b - a), b - (T(1) - w) * (b - a));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T a, T b, T w) {
    return {{T(1) - w, w, b - a}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Lerp> lerp{};

}  // namespace torchlite::inline TORCHLITE_ABI
