// SPDX-License-Identifier: BSD-3-Clause
// Bessel functions of integer order, spherical ones, and Airy's. Scalar code: these do not vectorise. Orders are general
// because derivatives need the neighbours. float is computed in double.
#pragma once
#include <torchlite/core/math/compare.hpp>
#include <torchlite/core/math/special_tables.hpp>

#include <math.h>  // j0, jn, y0, ..., which <cmath> does not name

namespace torchlite::inline TORCHLITE_ABI::math {

inline constexpr double infinite = from_bits(FloatLayout<double>::infinity), undefined = from_bits(0x7ff8000000000000u);

/// J_n(x), the C library's: 2 ulp or 2e-16 beside the zeros. Odd orders are odd in x.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double bessel_j(int n, double x) { return n == 0 ? ::j0(x) : (n == 1 ? ::j1(x) : ::jn(n, x)); }

/// Y_n(x), the C library's: -inf at 0 and NaN below; accuracy as J's.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double bessel_y(int n, double x) {
  if (n < 0) return (n & 1) != 0 ? -bessel_y(-n, x) : bessel_y(-n, x);
  if (!(x > 0.0)) return x == 0.0 ? -infinite : undefined;
  return n == 0 ? ::y0(x) : (n == 1 ? ::y1(x) : ::yn(n, x));
}

/// e^-|x| I_n(x). A power series of positive terms up to 8, then a fit for orders 0 and 1 and the recurrence above them.
/// Orders 0 and 1: 4 ulp.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double bessel_i_scaled(int n, double x) {
  if (n < 0) n = -n;
  const double a = magnitude(x), sign = x < 0.0 && (n & 1) != 0 ? -1.0 : 1.0;
  if (!(a >= 8.0)) {
    const double y = 0.25 * a * a;
    double term = 1.0;
    for (int k = 1; k <= n; ++k) term *= 0.5 * a / k;
    double sum = term;
    for (int k = 1; term > 1e-17 * sum; ++k) sum += term *= y / (static_cast<double>(k) * (k + n));
    return a == a ? sign * sum * __builtin_exp(-a) : a;
  }
  const double t = 16.0 / a - 1.0, root = __builtin_sqrt(a);
  double low = tables::i0_far(t) / root;
  if (n == 0) return low;
  double high = tables::i1_far(t) / root;
  for (int k = 1; k < n; ++k) {
    const double next = low - 2.0 * k / a * high;
    low = high;
    high = next;
  }
  return sign * high;
}

/// I_n(x); 5 ulp for orders 0 and 1.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double bessel_i(int n, double x) {
  const double a = magnitude(x);
  if (a == infinite) return x < 0.0 && (n & 1) != 0 ? -infinite : infinite;
  const double half = __builtin_exp(0.5 * a);  // e^a alone overflows before I does
  return half * bessel_i_scaled(n, x) * half;
}

namespace portable {
/// K_0(x) and K_1(x) for 0 < x <= 1 by their power series (Abramowitz and Stegun 9.6.11).
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double bessel_k_near(int n, double x) {
  const double y = 0.25 * x * x, log_half = __builtin_log(0.5 * x) + 0.57721566490153286061;
  double term = 1.0, harmonic = 0.0, zeroth = 1.0, first = 1.0, sum0 = 0.0, sum1 = 0.5;
  for (int k = 1; k < 14; ++k) {
    term *= y / (static_cast<double>(k) * k);
    harmonic += 1.0 / k;
    zeroth += term;
    first += term / (k + 1);
    sum0 += term * harmonic;
    sum1 += term / (k + 1) * (harmonic + 0.5 / (k + 1));
  }
  return n == 0 ? sum0 - log_half * zeroth : 1.0 / x + 0.5 * x * (log_half * first - sum1);
}
}  // namespace portable

/// e^x K_n(x): inf at 0, NaN below. Series, fits, and the recurrence above order 1, which is stable. Orders 0 and 1: 4 ulp.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double bessel_k_scaled(int n, double x) {
  if (n < 0) n = -n;
  if (!(x > 0.0)) return x == 0.0 ? infinite : undefined;
  double low, high;
  if (x <= 1.0) {
    const double e = __builtin_exp(x);
    low = e * portable::bessel_k_near(0, x);
    high = n == 0 ? 0.0 : e * portable::bessel_k_near(1, x);
  } else {
    const double root = __builtin_sqrt(x), t = x < 4.0 ? (8.0 / x - 5.0) / 3.0 : 8.0 / x - 1.0;
    low = (x < 4.0 ? tables::k0_middle(t) : tables::k0_far(t)) / root;
    high = n == 0 ? 0.0 : (x < 4.0 ? tables::k1_middle(t) : tables::k1_far(t)) / root;
  }
  if (n == 0) return low;
  for (int k = 1; k < n; ++k) {
    const double next = low + 2.0 * k / x * high;
    low = high;
    high = next;
  }
  return high;
}

/// K_n(x): inf at 0, NaN below; 5 ulp for orders 0 and 1.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double bessel_k(int n, double x) {
  if (n < 0) n = -n;
  if (x > 0.0 && x <= 1.0 && n < 2) return portable::bessel_k_near(n, x);
  return bessel_k_scaled(n, x) * __builtin_exp(-x);
}

/// The spherical Bessel function j_n(x), n >= 0; j_0(x) = sin(x) / x. A power series up to max(1, n), then the recurrence.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double spherical_bessel_j(int n, double x) {
  if (n < 0) return 0.0;
  const double a = magnitude(x), y = 0.5 * x * x;
  if (a <= 1.0 || a <= n) {
    double term = 1.0;
    for (int k = 1; k <= n; ++k) term *= x / (2.0 * k + 1.0);
    double sum = term;
    for (int k = 1; k < 40 && magnitude(term) > 1e-18 * magnitude(sum); ++k) sum += term *= -y / (k * (2.0 * (n + k) + 1.0));
    return sum;
  }
  if (a == infinite) return 0.0;
  const double sine = __builtin_sin(x), cosine = __builtin_cos(x);
  double low = sine / x;
  if (n == 0) return low;
  double high = (low - cosine) / x;
  for (int k = 1; k < n; ++k) {
    const double next = (2.0 * k + 1.0) / x * high - low;
    low = high;
    high = next;
  }
  return high;
}

/// Airy's Ai(x), or Ai'(x). Fits of the function, or of what is left when the exponential or the oscillation is divided out.
/// Relative error 1e-15 (1 + |x|^1.5) for x > 0, absolute error so below.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double airy_ai(double x, bool prime) {
  constexpr double root_pi = 1.77245385090551602730;
  if (x == infinite) return prime ? -0.0 : 0.0;
  if (x != x || x == -infinite) return x != x ? x : (prime ? undefined : 0.0);
  if (x >= -5.0 && x < 1.5) {
    if (x < -2.0) return prime ? tables::airy_prime_below((2.0 * x + 7.0) / 3.0) : tables::airy_below((2.0 * x + 7.0) / 3.0);
    return prime ? tables::airy_prime_near((2.0 * x + 0.5) / 3.5) : tables::airy_near((2.0 * x + 0.5) / 3.5);
  }
  const double a = magnitude(x), z = 2.0 / 3.0 * a * __builtin_sqrt(a), fourth = __builtin_sqrt(__builtin_sqrt(a));
  if (x > 0.0) {
    double slow;
    if (z < 4.0) {
      const double t = (2.0 / z - 13.0 / 12.0) * (12.0 / 7.0);
      slow = prime ? tables::airy_prime_middle(t) : tables::airy_middle(t);
    } else {
      slow = prime ? tables::airy_prime_far(8.0 / z - 1.0) : tables::airy_far(8.0 / z - 1.0);
    }
    const double e = __builtin_exp(-z) * slow / (2.0 * root_pi);
    return prime ? -e * fourth : e / fourth;
  }
  const double t = 98.0 / (z * z) - 1.0, sine = __builtin_sin(z - 0.78539816339744830962),
               cosine = __builtin_cos(z - 0.78539816339744830962);
  if (prime) return fourth / root_pi * (tables::airy_prime_wave_p(t) * sine - tables::airy_prime_wave_q(t) / z * cosine);
  return (tables::airy_wave_p(t) * cosine + tables::airy_wave_q(t) / z * sine) / (fourth * root_pi);
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
