// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x where x > limit, else value, elementwise.
struct Threshold : Symbolic {
  static constexpr std::string_view name = "threshold";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T limit, T value) {
    return select(x <= limit, value, x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T x, T limit, T) {
    return {{select(x <= limit, T(0), T(1)), T(0), T(0)}};
  }
};
}  // namespace pointwise

}  // namespace torchlite::inline TORCHLITE_ABI
