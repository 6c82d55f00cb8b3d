// SPDX-License-Identifier: BSD-3-Clause
// Logarithms: x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), then log(1 + f) by a minimax polynomial.
#pragma once
#include <torchlite/core/math/bits.hpp>
#include <torchlite/core/math/exponential.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

namespace portable {

template <class T>
struct LogReduction {
  T k;            // the exponent as a number
  T f;            // mantissa - 1
  Word<T> power;  // the exponent, two's complement
};

/// For normal x > 0.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE LogReduction<T> reduce_log(T x) {
  using L = FloatLayout<T>;
  constexpr Word<T> root = bits(T(0.70710678118654752));
  constexpr Word<T> one = bits(T(1)), fraction = (Word<T>(1) << L::mantissa) - 1;
  constexpr T magic = T(Word<T>(1) << L::mantissa);  // its low bits hold an unsigned integer
  const Word<T> shifted = bits(x) - root + one;
  const Word<T> biased = shifted >> L::mantissa;
  const T k = from_bits(static_cast<Word<T>>(biased | bits(magic))) - (magic + T(L::bias));
  return {k, from_bits(static_cast<Word<T>>((shifted & fraction) + root)) - T(1), biased - Word<T>(L::bias)};
}

/// k ln 2 + log(1 + f)
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T log_sum(T k, T f) {
  if constexpr (std::is_same_v<T, float>) {
    const float z = f * f;
    const float p = polynomial(f, 0.333333135f, -0.250000089f, 0.200021192f, -0.166679978f, 0.142195478f, -0.124055564f, 0.118881665f,
                               -0.11675816f, 0.0674680546f);
    float y = p * f * z;
    y = math::fma(k, -2.12194440e-4f, y);
    y = math::fma(z, -0.5f, y);
    return math::fma(k, 0.693359375f, f + y);
  } else {
    // With s = f / (2 + f): log(1 + f) = 2 atanh(s) = f - (f^2/2 - s (f^2/2 + z L(z))), z = s^2.
    const double half_square = 0.5 * f * f, s = f / (2.0 + f), z = s * s;
    const double tail = z * polynomial(z, 0.6666666666666734, 0.3999999999941482, 0.28571428742375138, 0.22222198573077481,
                                       0.18183564380538297, 0.15314048327005944, 0.14795977487325995);
    const double low = math::fma(s, half_square + tail, k * 0x1.ef35793c76730p-45);
    return math::fma(k, 0x1.62e42fefa3800p-1, f - (half_square - low));
  }
}

/// The results at 0, infinity, NaN and below 0, put over y.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T log_special(T x, T y) {
  constexpr T infinity = from_bits(FloatLayout<T>::infinity);
  y = pick(mask<T>(x == T(0)), -infinity, y);
  y = pick(mask<T>(x == infinity), infinity, y);
  return set_bits(y, mask<T>(!(x >= T(0))));
}

/// As reduce_log, for denormal x too.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE LogReduction<T> reduce_log_all(T x) {
  using L = FloatLayout<T>;
  constexpr T least_normal = from_bits(Word<T>(1) << L::mantissa), up = T(Word<T>(1) << L::mantissa);
  const Word<T> small = mask<T>(x < least_normal);
  auto r = reduce_log(x * pick(small, up, T(1)));
  r.k = r.k - pick(small, T(L::mantissa), T(0));
  return r;
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T log(T x) {
  const auto r = reduce_log_all(x);
  return log_special(x, log_sum(r.k, r.f));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T log1p(T x) {
  using L = FloatLayout<T>;
  const T u = T(1) + x;
  const auto r = reduce_log(u);
  // x 2^-k + (2^-k - 1) is u's mantissa - 1 without the rounding of u; far out that rounding does not matter.
  const T t = power_of_two<T>(Word<T>(0) - r.power);
  const T f = pick(mask<T>(r.k > T(L::mantissa + 6)), r.f, math::fma(x, t, t - T(1)));
  return set_bits(log_special(u, log_sum(r.k, f)), sign_of(x));
}

}  // namespace portable

/// ln x: -inf at 0, NaN below. Float 0.78 ulp, 0.45 ns; double 0.75 ulp, 1.0 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float log(float x) {
  if constexpr (on_device) return __builtin_logf(x);
  else return portable::log(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double log(double x) {
  if constexpr (on_device) return __builtin_log(x);
  else return portable::log(x);
}

/// ln(1 + x), accurate near 0. Float 1.35 ulp, 0.47 ns; double 1.3 ulp, 1.1 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float log1p(float x) {
  if constexpr (on_device) return __builtin_log1pf(x);
  else return portable::log1p(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double log1p(double x) {
  if constexpr (on_device) return __builtin_log1p(x);
  else return portable::log1p(x);
}

/// Base-2 logarithm, exact at powers of two. Float 1.7 ulp, 0.47 ns; double is the C library's.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float log2(float x) {
  if constexpr (on_device) {
    return __builtin_log2f(x);
  } else {
    const auto r = portable::reduce_log_all(x);
    return portable::log_special(x, math::fma(portable::log_sum(0.0f, r.f), 1.44269504f, r.k));
  }
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double log2(double x) { return __builtin_log2(x); }

/// Base-10 logarithm. Float 1.9 ulp, 0.51 ns; double is the C library's.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float log10(float x) {
  if constexpr (on_device) {
    return __builtin_log10f(x);
  } else {
    const auto r = portable::reduce_log_all(x);
    const float small = math::fma(portable::log_sum(0.0f, r.f), 0.434294482f, r.k * 4.60503898e-06f);
    return portable::log_special(x, math::fma(r.k, 0.301025391f, small));
  }
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double log10(double x) { return __builtin_log10(x); }

/// ln(e^a + e^b) without overflow; of two equal infinities, that infinity.
template <class T>
  requires(std::is_floating_point_v<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T logaddexp(T a, T b) {
  const T top = pick(mask<T>(a > b), a, b), distance = pick(mask<T>(a == b), T(0), magnitude(a - b));
  return top + math::log1p(math::exp(-distance));
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
