// SPDX-License-Identifier: BSD-3-Clause
// The standard normal distribution and the scaled complementary error function. Scalar code: these do not vectorise.
#pragma once
#include <torchlite/core/math/error_function.hpp>
#include <torchlite/core/math/special_tables.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

/// e^(x^2) erfc(x), without overflow for positive x. 4 ulp.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double erfcx(double x) {
  const double a = magnitude(x);
  const double y = a > 1e8 ? 0.56418958354775628695 / a : tables::erfcx((a - 2.0) / (a + 2.0)) / (1.0 + 2.0 * a);
  if (!(x < 0.0)) return y;
  // The rounding error of x^2 is worth many ulp of e^(x^2).
  const double square = x * x, error = math::fma(x, x, -square), e = 2.0 * __builtin_exp(square);
  return square < 709.0 ? e + e * error - y : e;
}

/// The standard normal distribution function, accurate in the lower tail.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double ndtr(double x) { return 0.5 * __builtin_erfc(-0.70710678118654752440 * x); }

/// ln ndtr(x), accurate in both tails.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double log_ndtr(double x) {
  const double t = 0.70710678118654752440 * x;
  if (x < -1.0) return __builtin_log(0.5 * erfcx(-t)) - t * t;
  return __builtin_log1p(-0.5 * __builtin_erfc(t));
}

/// The x whose ndtr is p: -inf at 0, inf at 1, NaN outside. Halley's method on ln ndtr in the tails, erfinv between. A few ulp.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double ndtri(double p) {
  constexpr double infinity = from_bits(FloatLayout<double>::infinity);
  if (!(p > 0.0 && p < 1.0)) return p == 0.0 ? -infinity : (p == 1.0 ? infinity : from_bits(0x7ff8000000000000u));
  if (p > 0.1 && p < 0.9) return 1.41421356237309504880 * math::erfinv(2.0 * p - 1.0);
  const double l = __builtin_log(p < 0.5 ? p : 1.0 - p);
  double x = -__builtin_sqrt(-2.0 * l - __builtin_log(-2.0 * l) - 1.2);
  for (int step = 0; step < 4; ++step) {
    const double slope = 0.79788456080286535588 / erfcx(-0.70710678118654752440 * x), miss = (log_ndtr(x) - l) / slope;
    x -= miss / (1.0 + 0.5 * miss * (x + slope));
  }
  return p < 0.5 ? x : -x;
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
