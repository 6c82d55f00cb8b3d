// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The smaller of a and b, elementwise; NaN if either is. Equal values share the gradient.
struct Minimum : Symbolic {
  static constexpr std::string_view name = "minimum";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return min(a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{select(a < b, T(1), select(a > b, T(0), T(0.5))), select(a > b, T(1), select(a < b, T(0), T(0.5)))}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Minimum> minimum{};

/// minimum(a, b): the smaller of each pair.
template <tensor_like A, tensor_like B>
auto min(A&& a, B&& b) {
  return minimum(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace torchlite::inline TORCHLITE_ABI
