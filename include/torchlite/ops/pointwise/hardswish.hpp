// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x * relu6(x + 3) / 6, elementwise.
/// Source: Howard et al., 2019.
struct Hardswish : Symbolic {
  static constexpr std::string_view name = "hardswish";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x * min(max(x + T(3), T(0)), T(6)) / T(6);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return select(x < T(-3), T(0), select(x < T(3), (x + x + T(3)) / T(6), T(1)));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Hardswish> hardswish{};

}  // namespace torchlite::inline TORCHLITE_ABI
