// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/special/error_function.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The distribution function of the standard normal distribution, elementwise; relative error 1e-16 (2 + x^2).
struct Ndtr : Symbolic {
  static constexpr std::string_view name = "ndtr";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return static_cast<T>(math::ndtr(static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(0.39894228040143267794) * exp(T(-0.5) * x * x);
  }
};

/// ln ndtr(x), elementwise, accurate in both tails; relative error 1e-16 (2 + x^2) for positive x, 3 ulp below.
struct LogNdtr : Symbolic {
  static constexpr std::string_view name = "log_ndtr";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return static_cast<T>(math::log_ndtr(static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(0.79788456080286535588) / call<Erfcx>(T(-0.70710678118654752440) * x);
  }
};

/// The x whose ndtr is p, elementwise: -inf at 0, inf at 1, NaN outside. 2 ulp.
struct Ndtri : Symbolic {
  static constexpr std::string_view name = "ndtri";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T p) {
    return static_cast<T>(math::ndtri(static_cast<double>(p)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T, T x) {
    return T(2.50662827463100050242) * exp(T(0.5) * x * x);
  }
};
}  // namespace pointwise

namespace special {
inline constexpr Pointwise<pointwise::Ndtr> ndtr{};
inline constexpr Pointwise<pointwise::LogNdtr> log_ndtr{};
inline constexpr Pointwise<pointwise::Ndtri> ndtri{};
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
