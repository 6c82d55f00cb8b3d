// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x limited to [lowest, highest], elementwise; the gradient is 1 inside and at the bounds, 0 outside.
struct Clamp : Symbolic {
  static constexpr std::string_view name = "clamp";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T lowest, T highest) {
    return min(max(x, lowest), highest);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T x, T lowest, T highest) {
    return {{select(x < lowest, T(0), select(x > highest, T(0), T(1))), select(x < lowest, select(lowest < highest, T(1), T(0)), T(0)),
             select(max(x, lowest) > highest, T(1), T(0))}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Clamp> clamp{};

}  // namespace torchlite::inline TORCHLITE_ABI
