// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x limited to [lowest, highest], elementwise; the gradient is 1 inside, 0 outside and at the bounds.
struct Hardtanh : Symbolic {
  static constexpr std::string_view name = "hardtanh";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T lowest, T highest) {
    return min(max(x, lowest), highest);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T x, T lowest, T highest) {
    return {{select(x > lowest, select(x < highest, T(1), T(0)), T(0)), T(0), T(0)}};
  }
};
}  // namespace pointwise

}  // namespace torchlite::inline TORCHLITE_ABI
