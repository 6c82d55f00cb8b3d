// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/bessel.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The spherical Bessel function of the first kind of order n at x, elementwise.
struct SphericalBessel : Symbolic {
  static constexpr std::string_view name = "spherical_bessel_j";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T n, T x) {
    return static_cast<T>(math::spherical_bessel_j(static_cast<int>(n), static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T n, T x) {
    return {{T(0), (n * call<SphericalBessel>(n - T(1), x) - (n + T(1)) * call<SphericalBessel>(n + T(1), x)) / (T(2) * n + T(1))}};
  }
};

/// sin(x) / x, elementwise; 1 at 0. 2 ulp.
struct SphericalBesselJ0 : Symbolic {
  static constexpr std::string_view name = "spherical_bessel_j0";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return static_cast<T>(math::spherical_bessel_j(0, static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return -call<SphericalBessel>(T(1), x);
  }
};

/// sin(pi x) / (pi x), elementwise; 1 at 0. Absolute error 3e-16.
struct Sinc : Symbolic {
  static constexpr std::string_view name = "sinc";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    const double at = static_cast<double>(x);
    return static_cast<T>(math::spherical_bessel_j(0, 3.14159265358979323846 * at) + (at - at));  // NaN at infinity, as PyTorch's
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(-3.14159265358979323846) * call<SphericalBessel>(T(1), T(3.14159265358979323846) * x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Sinc> sinc{};

namespace special {
using torchlite::sinc;
inline constexpr Pointwise<pointwise::SphericalBesselJ0> spherical_bessel_j0{};
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
