// SPDX-License-Identifier: BSD-3-Clause
// The regularised incomplete gamma functions. Scalar code: these do not vectorise.
#pragma once
#include <torchlite/core/math/gamma.hpp>
#include <torchlite/core/math/special_tables.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

namespace portable {

/// m - ln(1 + m) for m = (x - a) / a, without cancellation near 0.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double minus_log1p(double x, double a) {
  const double m = (x - a) / a;
  if (!(magnitude(m) < 0.4)) return m - __builtin_log(x / a);
  // ln(1 + m) = 2 atanh(r)
  const double r = m / (2.0 + m), y = r * r;
  double sum = 0.0;
  for (int k = 14; k > 0; --k) sum = sum * y + 1.0 / (2 * k + 1);
  return r * (m - 2.0 * y * sum);
}

/// x^a e^-x / gamma(a + 1). Source of the form for large a: Loader, Fast and accurate computation of binomial
/// probabilities, 2000.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double gamma_density(double a, double x) {
  if (a < 10.0) return __builtin_exp(a * __builtin_log(x) - x - math::lgamma(a + 1.0));
  const double z = 1.0 / (a * a);
  const double stirling = (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * 691.0 / 360360))))) / a;
  return __builtin_exp(-a * minus_log1p(x, a) - stirling) / __builtin_sqrt(6.28318530717958647693 * a);
}

/// P(a, x) by its power series, good for x below about a.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double gamma_lower_series(double a, double x) {
  double term = 1.0, sum = 1.0;
  for (int k = 1; k < 10000 && term > 1e-17 * sum; ++k) sum += term *= x / (a + k);
  return gamma_density(a, x) * sum;
}

/// Q(a, x) by its continued fraction, evaluated as Lentz does, good for x above about a + 1.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double gamma_upper_fraction(double a, double x) {
  double b = x + 1.0 - a, c = 1e300, d = 1.0 / b, h = d;
  for (int k = 1; k < 10000; ++k) {
    const double an = -k * (k - a);
    b += 2.0;
    d = 1.0 / (an * d + b);
    c = b + an / c;
    const double step = c * d;
    h *= step;
    if (magnitude(step - 1.0) < 2e-16) break;
  }
  return gamma_density(a, x) * a * h;
}

/// ln gamma(1 + a) for 0 <= a <= 1/2, whose digits 1 + a has not: with zeta(k) - 1 over k as coefficients.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double lgamma1p(double a) {
  static constexpr double c[] = {0.32246703342411322,   -0.067352301053198095,  0.020580808427784548,   -0.0073855510286739853,
                                 0.0028905103307415233, -0.001192753911703261,  0.00050966952474304242, -0.00022315475845357938,
                                 9.9457512781808534e-5, -4.4926236738133142e-5, 2.0507212775670692e-5,  -9.4394882752683959e-6,
                                 4.3748667899074878e-6, -2.0392157538013662e-6, 9.5514121304074198e-7,  -4.492469198764566e-7,
                                 2.1207184805554666e-7, -1.00432248239681e-7,   4.7698101693639806e-8,  -2.2711094608943165e-8,
                                 1.0838659214896954e-8, -5.1834750419700467e-9, 2.4836745438024783e-9,  -1.1921401405860912e-9};
  double sum = 0.0;
  for (int k = 23; k >= 0; --k) sum = sum * a + c[k];
  return 0.42278433509846713939 * a - __builtin_log1p(a) + sum * a * a;
}

/// Q(a, x) for x <= 1.1, where it is small because a is.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double gamma_upper_series(double a, double x) {
  double term = 1.0, sum = 0.0;
  for (int k = 1; k < 60; ++k) {
    term *= -x / k;
    sum += term / (a + k);
  }
  const double log_power = a * __builtin_log(x) - lgamma1p(a);
  return -__builtin_expm1(log_power) - a * __builtin_exp(log_power) * sum;
}

/// Q(a, x), or P(a, x), for large a and x near it: Temme's expansion (DLMF 8.12).
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double gamma_uniform(double a, double x, bool upper) {
  const double m = (x - a) / a, half_square = minus_log1p(x, a);
  const double eta = __builtin_copysign(__builtin_sqrt(2.0 * half_square), m);
  const double rest = __builtin_exp(-a * half_square) / __builtin_sqrt(6.28318530717958647693 * a) * tables::temme(a, eta);
  const double side = __builtin_erfc((upper ? eta : -eta) * __builtin_sqrt(0.5 * a));
  return upper ? 0.5 * side + rest : 0.5 * side - rest;
}

TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double incomplete_gamma(double a, double x, bool upper) {
  constexpr double infinity = from_bits(FloatLayout<double>::infinity), nan = from_bits(0x7ff8000000000000u);
  if (!(x >= 0.0 && a >= 0.0) || (a == 0.0 && x == 0.0) || (a == infinity && x == infinity)) return nan;
  if (x == 0.0 || a == infinity) return upper ? 1.0 : 0.0;
  if (a == 0.0 || x == infinity) return upper ? 0.0 : 1.0;
  if (a >= 100.0 && magnitude(x - a) < 0.3 * a) return gamma_uniform(a, x, upper);
  if (x > 1.1 && x > a) {
    const double q = gamma_upper_fraction(a, x);
    return upper ? q : 1.0 - q;
  }
  if (upper && x <= 1.1 && a < 0.5) return gamma_upper_series(a, x);
  const double p = gamma_lower_series(a, x);
  return upper ? 1.0 - p : p;
}

}  // namespace portable

/// P(a, x), the integral of t^(a - 1) e^-t from 0 to x over gamma(a); NaN for negative arguments. Relative error 1e-13.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double igamma(double a, double x) { return portable::incomplete_gamma(a, x, false); }
/// Q(a, x) = 1 - P(a, x), accurate where it is small too.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double igammac(double a, double x) { return portable::incomplete_gamma(a, x, true); }

}  // namespace torchlite::inline TORCHLITE_ABI::math
