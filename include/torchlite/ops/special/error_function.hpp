// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/normal_distribution.hpp>
#include <torchlite/ops/pointwise/erf.hpp>
#include <torchlite/ops/pointwise/erfc.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The x whose erf is y, elementwise: infinite at -1 and 1, NaN beyond. 3 ulp.
struct Erfinv : Symbolic {
  static constexpr std::string_view name = "erfinv";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T y) {
    return math::erfinv(y);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T x) {
    return T(0.88622692545275801365) * exp(x * x);
  }
};

/// e^(x^2) erfc(x), elementwise, without overflow for positive x. 4 ulp.
struct Erfcx : Symbolic {
  static constexpr std::string_view name = "erfcx";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return static_cast<T>(math::erfcx(static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x, T y) {
    return T(2) * x * y - T(1.12837916709551257390);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Erfinv> erfinv{};

namespace special {
using torchlite::erf, torchlite::erfc, torchlite::erfinv;
inline constexpr Pointwise<pointwise::Erfcx> erfcx{};
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
