// SPDX-License-Identifier: BSD-3-Clause
// The functions of complex numbers, by the names that formulas of real numbers use: the C++ library's where it has them. Branch cuts are C99's.
#pragma once
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/math/compare.hpp>
#include <torchlite/core/math/power.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

// What is the same for real numbers, so that formulas can be written once.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T conj(T x) { return x; }
/// x / |x|, 0 at 0.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T sgn(T x) { return sign(x); }
/// |x| as a number of x's own type.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T modulus(T x) { return abs(x); }
/// The angle of x with the positive real axis: 0 or pi for real numbers.
template <class T>
  requires(is_real<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T angle(T x) {
  return select(x < T(0), T(3.14159265358979323846), select(x == x, T(0), x));
}

template <complex_number C>
TORCHLITE_HOST_DEVICE constexpr C conj(C x) {
  return C(x.real(), -x.imag());
}
/// i x.
template <complex_number C>
TORCHLITE_HOST_DEVICE constexpr C times_i(C x) {
  return C(-x.imag(), x.real());
}
template <complex_number C>
TORCHLITE_HOST_DEVICE real_t<C> abs(C x) {
  return hypot(x.real(), x.imag());
}
template <complex_number C>
TORCHLITE_HOST_DEVICE C modulus(C x) {
  return C(abs(x));
}
template <complex_number C>
TORCHLITE_HOST_DEVICE C sgn(C x) {
  const real_t<C> r = abs(x);
  return r == real_t<C>(0) ? C(0) : C(x.real() / r, x.imag() / r);
}
template <complex_number C>
real_t<C> angle(C x) {
  return std::atan2(x.imag(), x.real());
}
template <complex_number C>
TORCHLITE_HOST_DEVICE constexpr bool isnan(C x) {
  return isnan(x.real()) || isnan(x.imag());
}
template <complex_number C>
TORCHLITE_HOST_DEVICE constexpr bool isinf(C x) {
  return isinf(x.real()) || isinf(x.imag());
}
template <complex_number C>
TORCHLITE_HOST_DEVICE constexpr bool isfinite(C x) {
  return isfinite(x.real()) && isfinite(x.imag());
}

// clang-format off
template <complex_number C> C sqrt(C x) { return std::sqrt(x); }
template <complex_number C> C rsqrt(C x) { return C(1) / std::sqrt(x); }
template <complex_number C> C exp(C x) { return std::exp(x); }
template <complex_number C> C exp2(C x) { return std::exp(x * real_t<C>(0.69314718055994530942)); }
template <complex_number C> C log(C x) { return std::log(x); }
template <complex_number C> C log2(C x) { return std::log(x) / real_t<C>(0.69314718055994530942); }
template <complex_number C> C log10(C x) { return std::log10(x); }
template <complex_number C> C sin(C x) { return std::sin(x); }
template <complex_number C> C cos(C x) { return std::cos(x); }
template <complex_number C> C tan(C x) { return std::tan(x); }
template <complex_number C> C asin(C x) { return std::asin(x); }
template <complex_number C> C acos(C x) { return std::acos(x); }
template <complex_number C> C atan(C x) { return std::atan(x); }
template <complex_number C> C sinh(C x) { return std::sinh(x); }
template <complex_number C> C cosh(C x) { return std::cosh(x); }
template <complex_number C> C tanh(C x) { return std::tanh(x); }
template <complex_number C> C asinh(C x) { return std::asinh(x); }
template <complex_number C> C acosh(C x) { return std::acosh(x); }
template <complex_number C> C atanh(C x) { return std::atanh(x); }
template <complex_number C> C sigmoid(C x) { return C(1) / (C(1) + std::exp(-x)); }
// clang-format on

/// e^x - 1 without cancellation near 0.
template <complex_number C>
C expm1(C x) {
  using R = real_t<C>;
  const R half = std::sin(x.imag() / R(2)), grown = std::exp(x.real());
  return C(std::expm1(x.real()) - R(2) * grown * half * half, grown * std::sin(x.imag()));
}
/// log(1 + x) without cancellation near 0.
template <complex_number C>
C log1p(C x) {
  using R = real_t<C>;
  const R re = x.real(), im = x.imag();
  // |1 + x|^2 - 1 = re (2 + re) + im^2.
  const bool near = std::fabs(re) + std::fabs(im) < R(0.5);
  return C(near ? std::log1p(re * (R(2) + re) + im * im) / R(2) : std::log(abs(C(R(1) + re, im))), std::atan2(im, R(1) + re));
}
/// x^y = e^(y log x); 0^y is 0 for y with a positive real part, x^0 is 1.
template <complex_number C>
C pow(C x, C y) {
  if (y == C(0)) return C(1);
  if (y == C(2)) return x * x;
  return std::pow(x, y);
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
