// SPDX-License-Identifier: BSD-3-Clause
// Orthogonal polynomials and their derivatives of any order by their three-term recurrences (Abramowitz and Stegun 22.7).
#pragma once
#include <torchlite/core/math/compare.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

enum class PolynomialFamily { chebyshev_t, chebyshev_u, chebyshev_v, chebyshev_w, hermite_h, hermite_he, laguerre_l, legendre_p };

namespace portable {

/// P_(m + 1) = (a x + b) P_m - c P_(m - 1)
struct PolynomialStep {
  double a, b, c;
};
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR PolynomialStep polynomial_step(PolynomialFamily family, double m) {
  switch (family) {
    case PolynomialFamily::hermite_h: return {2.0, 0.0, 2.0 * m};
    case PolynomialFamily::hermite_he: return {1.0, 0.0, m};
    case PolynomialFamily::laguerre_l: return {-1.0 / (m + 1.0), (2.0 * m + 1.0) / (m + 1.0), m / (m + 1.0)};
    case PolynomialFamily::legendre_p: return {(2.0 * m + 1.0) / (m + 1.0), 0.0, m / (m + 1.0)};
    // The four kinds of Chebyshev differ in their first step only.
    case PolynomialFamily::chebyshev_t: return {m == 0.0 ? 1.0 : 2.0, 0.0, 1.0};
    case PolynomialFamily::chebyshev_v: return {2.0, m == 0.0 ? -1.0 : 0.0, 1.0};
    case PolynomialFamily::chebyshev_w: return {2.0, m == 0.0 ? 1.0 : 0.0, 1.0};
    default: return {2.0, 0.0, 1.0};
  }
}

/// A Chebyshev polynomial of high degree inside (-1, 1), where it is a quotient of cosines or sines.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double chebyshev_wave(PolynomialFamily family, double x, double n) {
  const double t = __builtin_acos(x);
  switch (family) {
    case PolynomialFamily::chebyshev_t: return __builtin_cos(n * t);
    case PolynomialFamily::chebyshev_u: return __builtin_sin((n + 1.0) * t) / __builtin_sin(t);
    case PolynomialFamily::chebyshev_v: return __builtin_cos((n + 0.5) * t) / __builtin_cos(0.5 * t);
    default: return __builtin_sin((n + 0.5) * t) / __builtin_sin(0.5 * t);
  }
}

}  // namespace portable

/// The polynomial of degree n, cut to a whole number, at x, or its derivative of order k <= 15; 0 for negative n, NaN for k above.
/// The error grows with the degree: about n ulp of the largest value nearby.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double orthogonal_polynomial(PolynomialFamily family, double x, double n, int k = 0) {
  constexpr int most = 15;
  if (x != x || n != n || k > most) return from_bits(0x7ff8000000000000u);
  n = __builtin_trunc(n);
  if (n < 0.0 || k > n) return 0.0;
  if (k == 0 && n > 64.0 && family <= PolynomialFamily::chebyshev_w && magnitude(x) < 1.0) return portable::chebyshev_wave(family, x, n);
  double before[most + 1] = {}, now[most + 1] = {1.0};
  for (double m = 0.0; m < n; m += 1.0) {
    const portable::PolynomialStep s = portable::polynomial_step(family, m);
    for (int j = k; j >= 0; --j) {
      const double lower = j > 0 ? s.a * j * now[j - 1] : 0.0;
      const double next = (s.a * x + s.b) * now[j] + lower - (m == 0.0 ? 0.0 : s.c * before[j]);
      before[j] = now[j];
      now[j] = next;
    }
    if (k == 0 && !(magnitude(now[0]) < 1e308)) break;  // it stays infinite
  }
  return now[k];
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
