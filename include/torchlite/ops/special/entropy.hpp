// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x ln(y), elementwise; 0 where x is 0, unless y is NaN.
struct Xlogy : Symbolic {
  static constexpr std::string_view name = "xlogy";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T y) {
    return select(isnan(y), y, select(x == T(0), T(0), x * log(y)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T y) {
    const T safe = select(x == T(0), select(y <= T(0), T(1), y), y);
    return {{log(safe), x / y}};
  }
};

/// x ln(1 + y), elementwise; 0 where x is 0, unless y is NaN.
struct Xlog1py : Symbolic {
  static constexpr std::string_view name = "xlog1py";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T y) {
    return select(isnan(y), y, select(x == T(0), T(0), x * log1p(y)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T y) {
    const T safe = select(x == T(0), select(y <= T(-1), T(0), y), y);
    return {{log1p(safe), x / (y + T(1))}};
  }
};

/// -x ln(x), elementwise: 0 at 0, -inf below.
struct Entr : Symbolic {
  static constexpr std::string_view name = "entr";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    const T below = select(isnan(x), x, -T(__builtin_huge_val()));
    return select(x > T(0), -x * log(x), select(x == T(0), T(0), below));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(-1) - log(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Xlogy> xlogy{};

namespace special {
using torchlite::xlogy;
inline constexpr Pointwise<pointwise::Xlog1py> xlog1py{};
inline constexpr Pointwise<pointwise::Entr> entr{};
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
