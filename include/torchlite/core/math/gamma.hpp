// SPDX-License-Identifier: BSD-3-Clause
// ln|gamma| and its derivative. Scalar code: these do not vectorise.
#pragma once
#include <torchlite/core/math/compare.hpp>

#include <math.h>  // lgamma_r, which <cmath> does not name

namespace torchlite::inline TORCHLITE_ABI::math {

/// ln |gamma(x)|: inf at 0 and the negative integers. (The reentrant form: plain lgamma writes a global.)
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double lgamma(double x) {
#if TORCHLITE_DEVICE_PASS
  return __builtin_lgamma(x);
#else
  int sign;
  return ::lgamma_r(x, &sign);
#endif
}
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR float lgamma(float x) {
#if TORCHLITE_DEVICE_PASS
  return __builtin_lgammaf(x);
#else
  int sign;
  return ::lgammaf_r(x, &sign);
#endif
}

/// gamma'(x) / gamma(x): -inf at 0, inf at -0, NaN at the negative integers. Reflection below 0, recurrence up to 10, then the
/// asymptotic series. Source: Abramowitz and Stegun 6.3.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double digamma(double x) {
  constexpr double pi = 3.14159265358979324, nan = from_bits(0x7ff8000000000000u);
  if (x == 0.0) return math::copysign(from_bits(FloatLayout<double>::infinity), -x);
  double result = 0.0;
  if (x < 0.0) {
    const double whole = __builtin_trunc(x);
    if (x == whole) return nan;
    result = -pi / __builtin_tan(pi * (x - whole));
    x = 1.0 - x;
  }
  for (; x < 10.0; x += 1.0) result -= 1.0 / x;
  if (x == 10.0) return result + 2.25175258906672110764;
  const double z = x < 1e17 ? 1.0 / (x * x) : 0.0;
  const double series = polynomial(z, 1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12);
  return result + (__builtin_log(x) - 0.5 / x - z * series);
}
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR float digamma(float x) { return static_cast<float>(math::digamma(static_cast<double>(x))); }

}  // namespace torchlite::inline TORCHLITE_ABI::math
