// SPDX-License-Identifier: BSD-3-Clause
// Hurwitz' zeta function and the derivatives of ln gamma that it gives. Scalar code: these do not vectorise.
#pragma once
#include <torchlite/core/math/gamma.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

namespace portable {
/// The sum of (q + k)^-s over k >= 0 for s > 1 and q > 0: term by term until Euler and Maclaurin's formula takes over.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double zeta_positive(double s, double q) {
  double sum = 0.0, a = q;
  for (const double from = 10.0 + 0.25 * s; a < from; a += 1.0) {
    const double term = __builtin_pow(a, -s);
    sum += term;
    if (term < 1e-17 * sum) return sum;
  }
  // B_2j / (2j)!
  static constexpr double c[] = {1.0 / 12,
                                 -1.0 / 720,
                                 1.0 / 30240,
                                 -1.0 / 1209600,
                                 1.0 / 47900160,
                                 -691.0 / 1307674368000.0,
                                 1.0 / 74724249600.0,
                                 -3617.0 / 10670622842880000.0,
                                 43867.0 / 5109094217170944000.0,
                                 -174611.0 / 802857662698291200000.0};
  const double power = __builtin_pow(a, -s);
  sum += power * (a / (s - 1.0) + 0.5);
  double factor = s * power / a;
  for (int j = 0; j < 10; ++j) {
    const double term = c[j] * factor;
    sum += term;
    if (magnitude(term) < 1e-17 * sum) break;
    factor *= (s + 2 * j + 1) * (s + 2 * j + 2) / (a * a);
  }
  return sum;
}
}  // namespace portable

/// Hurwitz' zeta function, the sum of (q + k)^-s over k = 0, 1, ...: inf at s = 1 and where q is 0 or a negative integer, NaN
/// for s < 1, and for other negative q unless s is an integer. 1e-15 relative, but for cancellation at negative q.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double zeta(double s, double q) {
  constexpr double infinity = from_bits(FloatLayout<double>::infinity), nan = from_bits(0x7ff8000000000000u);
  if (s == 1.0) return infinity;
  if (!(s > 1.0) || q != q) return nan;
  if (q > 0.0) return q == infinity ? 0.0 : portable::zeta_positive(s, q);
  if (q == __builtin_floor(q)) return infinity;
  if (s != __builtin_floor(s)) return nan;
  // The terms at negative numbers are those of two sums over positive ones, which end nowhere but differ by a finite part.
  const double whole = __builtin_ceil(-q), rest = q + whole, mirrored = -(q + (whole - 1.0));
  const double negative = portable::zeta_positive(s, mirrored) - portable::zeta_positive(s, mirrored + whole);
  const bool odd = __builtin_fmod(s, 2.0) != 0.0;
  return portable::zeta_positive(s, rest) + (odd ? -negative : negative);
}

/// The n-th derivative of digamma, n >= 0: (-1)^(n + 1) n! zeta(n + 1, x).
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double polygamma(int n, double x) {
  if (n == 0) return math::digamma(x);
  double factor = (n & 1) != 0 ? 1.0 : -1.0;
  for (int k = 2; k <= n; ++k) factor *= k;
  return factor * math::zeta(n + 1.0, x);
}

/// ln of the p-dimensional gamma function, p (p - 1) / 4 ln(pi) + the sum of ln gamma(x - i / 2) over i < p, for n = -1; its
/// derivative of order n + 1 otherwise.
TORCHLITE_HOST_DEVICE TORCHLITE_SCALAR double multigamma(double x, int p, int n) {
  double sum = n < 0 ? 0.25 * p * (p - 1) * 1.14472988584940017414 : 0.0;
  for (int i = 0; i < p; ++i) sum += n < 0 ? math::lgamma(x - 0.5 * i) : math::polygamma(n, x - 0.5 * i);
  return sum;
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
