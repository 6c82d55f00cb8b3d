// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The smaller of a and b, elementwise; of a number and NaN the number. Of equal values a gets the gradient.
struct Fmin : Symbolic {
  static constexpr std::string_view name = "fmin";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return math::fmin(a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    const T first = select(a <= b, T(1), select(isnan(b), T(1), T(0)));
    return {{first, T(1) - first}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Fmin> fmin{};

}  // namespace torchlite::inline TORCHLITE_ABI
