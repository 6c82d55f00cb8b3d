// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x / |x|, 0 at 0, elementwise: the sign of real numbers, the direction of complex ones.
struct Sgn : Symbolic {
  static constexpr std::string_view name = "sgn";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return sgn(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    if constexpr (is_complex_valued<T>) return select(x == T(0), T(0), T(0.5) / modulus(x));
    else return T(0);
  }
  // sgn(x)^2 = x / conj(x).
  template <class T>
    requires(is_complex_valued<T>)
  TORCHLITE_HOST_DEVICE static T conjugate_derivative(T x) {
    const T s = sgn(x);
    return select(x == T(0), T(0), T(-0.5) * s * s / modulus(x));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Sgn> sgn{};

}  // namespace torchlite::inline TORCHLITE_ABI
