// SPDX-License-Identifier: BSD-3-Clause
// Random numbers of distributions that are sampled by rejection or by search: scalar code in double, on the host.
#pragma once
#include <torchlite/core/math/gamma.hpp>
#include <torchlite/core/random.hpp>

namespace torchlite::inline TORCHLITE_ABI::variates {

/// Gamma distributed with shape alpha > 0 and rate 1. Shapes below 1 are drawn one higher and pulled down by u^(1 / alpha).
/// Source: Marsaglia and Tsang, A simple method for generating gamma variables, ACM TOMS 26, 2000.
inline double standard_gamma(ElementStream& random, double alpha) {
  if (!(alpha > 0)) return 0;
  const double scale = alpha < 1 ? __builtin_pow(random.uniform(), 1 / alpha) : 1, d = (alpha < 1 ? alpha + 1 : alpha) - 1.0 / 3;
  const double c = 1 / __builtin_sqrt(9 * d);
  while (true) {
    const double x = random.normal(), y = 1 + c * x;
    if (y <= 0) continue;
    const double v = y * y * y, u = random.uniform();
    if (u < 1 - 0.0331 * x * x * x * x || __builtin_log(u) < 0.5 * x * x + d * (1 - v + __builtin_log(v))) return scale * d * v;
  }
}

/// Poisson distributed with the given rate >= 0. Below 10 by search from 0 on, else by transformed rejection.
/// Source: Hormann, The transformed rejection method for generating Poisson random variables, 1993 (algorithm PTRS).
inline double poisson(ElementStream& random, double rate) {
  if (!(rate > 0)) return 0;
  if (rate < 10) {
    double p = __builtin_exp(-rate), u = random.uniform(), k = 0;
    for (; u > p && k < 200; p *= rate / k) u -= p, ++k;
    return k;
  }
  const double log_rate = __builtin_log(rate), b = 0.931 + 2.53 * __builtin_sqrt(rate), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), safe = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = random.uniform() - 0.5, v = random.uniform(), distance = 0.5 - __builtin_fabs(u);
    const double k = __builtin_floor((2 * a / distance + b) * u + rate + 0.43);
    if (distance >= 0.07 && v <= safe) return k;
    if (k < 0 || (distance < 0.013 && v > distance)) continue;
    if (__builtin_log(v * inverse_alpha / (a / (distance * distance) + b)) <= k * log_rate - rate - math::lgamma(k + 1)) return k;
  }
}

/// How many of `count` trials succeed, each with probability p. Few expected successes by search from 0 on, many by transformed
/// rejection. Source: Hormann, The generation of binomial random variates, J. Stat. Comput. Simul. 46, 1993 (algorithm BTRD's
/// simple form BTRS).
inline double binomial(ElementStream& random, double count, double p) {
  if (!(count > 0) || !(p > 0)) return 0;
  if (p >= 1) return count;
  if (p > 0.5) return count - binomial(random, count, 1 - p);
  const double odds = p / (1 - p);
  if (count * p < 10) {
    double f = __builtin_exp(count * __builtin_log1p(-p)), u = random.uniform(), k = 0;
    for (; u > f && k < count && k < 200; f *= (count - k + 1) / k * odds) u -= f, ++k;
    return k;
  }
  const double deviation = __builtin_sqrt(count * p * (1 - p)), b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double safe = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation, mode = __builtin_floor((count + 1) * p);
  const double at_mode = math::lgamma(mode + 1) + math::lgamma(count - mode + 1), log_odds = __builtin_log(odds);
  while (true) {
    const double u = random.uniform() - 0.5, v = random.uniform(), distance = 0.5 - __builtin_fabs(u);
    const double k = __builtin_floor((2 * a / distance + b) * u + count * p + 0.5);
    if (k < 0 || k > count) continue;
    if (distance >= 0.07 && v <= safe) return k;
    const double ratio = at_mode - math::lgamma(k + 1) - math::lgamma(count - k + 1) + (k - mode) * log_odds;
    if (__builtin_log(v * alpha / (a / (distance * distance) + b)) <= ratio) return k;
  }
}

/// dx / dalpha of a gamma variate x of shape alpha at a fixed value of its distribution function F:
///   -(dF(x; alpha) / dalpha) / (dF(x; alpha) / dx)
/// With x^alpha e^-x / Gamma(alpha) taken out, F is a power series (below alpha + 1) and 1 - F a continued fraction (above); each
/// is summed together with its derivative. Relative error below 1e-9 for alpha from 1e-6 to 1e6 where x is a plausible draw; it
/// takes some sqrt(alpha) terms. Sources: Abramowitz and Stegun 6.5.29 and 6.5.31; Figurnov et al., Implicit reparameterization
/// gradients, NeurIPS 2018.
inline double standard_gamma_derivative(double alpha, double x) {
  if (!(x > 0)) return x == 0 ? 0 : x;
  if (alpha > 1e8) return 1 + (x - alpha) / (2 * alpha);
  const double log_x = __builtin_log(x), tiny = 1e-17;
  if (x < alpha + 1) {
    // sum of t_n = x^n / (alpha ... (alpha + n)). What digamma(alpha) and the logarithmic derivatives of t_n share, 1 / alpha, is
    // left out on both sides: it is all there is for small alpha.
    double term = 1 / alpha, sum = term, harmonic = 0, derivative = 0;
    for (double n = 1; n < 1e7; ++n) {
      term *= x / (alpha + n);
      harmonic += 1 / (alpha + n);
      sum += term;
      derivative -= term * harmonic;
      if (term * harmonic < tiny * -derivative && term < tiny * sum) break;
    }
    return -x * (sum * (log_x - math::digamma(alpha + 1)) + derivative);
  }
  // Lentz's method; what ends in 1 is the derivative with respect to alpha.
  double b = x + 1 - alpha, c = 1e300, c1 = 0, d = 1 / b, d1 = d * d, h = d, h1 = d1;
  for (double n = 1; n < 1e7; ++n) {
    const double a = -n * (n - alpha);
    b += 2;
    const double below = a * d + b, below1 = n * d + a * d1 - 1, next = b + a / c, next1 = -1 + (n - a / c * c1) / c;
    d = 1 / below, d1 = -below1 * d * d;
    c = next, c1 = next1;
    const double factor = c * d, factor1 = c1 * d + c * d1;
    h1 = h1 * factor + h * factor1;
    h *= factor;
    if (__builtin_fabs(factor - 1) < 1e-15 && __builtin_fabs(h * factor1) <= 1e-15 * __builtin_fabs(h1)) break;
  }
  return x * ((log_x - math::digamma(alpha)) * h + h1);
}

}  // namespace torchlite::inline TORCHLITE_ABI::variates
