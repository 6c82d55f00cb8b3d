// SPDX-License-Identifier: BSD-3-Clause
// Hyperbolic functions and their inverses, from exp, expm1 and log1p.
#pragma once
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

namespace portable {

/// (e^2a - 1) / (e^2a + 1) for a = |x|, one path for small and large ones.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T tanh(T x) {
  constexpr T saturated = std::is_same_v<T, float> ? T(10) : T(20);  // tanh has rounded to 1 before
  const T a = bounded(magnitude(x), saturated);
  const T e = expm1_moderate(a + a);
  return set_bits(e / (e + T(2)), sign_of(x) | mask<T>(x != x));
}

/// e^a / 2 for a >= 0, which is finite a little longer than e^a.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T half_exp(T a) {
  const auto k = reduce_exp(bounded(a, std::is_same_v<T, float> ? T(105) : T(750)), 2 * FloatLayout<T>::bias - 1);
  return scale(expm1_near_zero(k.r) + T(1), k.word);
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T sinh(T x) {
  const T a = magnitude(x);
  const T e = expm1(lesser(a, T(30)));
  const T y = pick(mask<T>(a < T(20)), T(0.5) * (e + e / (e + T(1))), half_exp(a));
  return set_bits(pick(mask<T>(a < T(1e-4) * T(1e-4)), a, y), sign_of(x) | mask<T>(x != x));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T cosh(T x) {
  const T h = half_exp(magnitude(x));
  return set_bits(h + T(0.25) / h, mask<T>(x != x));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T root(T x) {
  if constexpr (std::is_same_v<T, float>) return __builtin_sqrtf(x);
  else return __builtin_sqrt(x);
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T asinh(T x) {
  const T a = magnitude(x), s = a * a;
  const Word<T> large = mask<T>(a > T(1e9));  // there asinh(a) = ln(2 a)
  const T y = log1p(pick(large, a, a + s / (T(1) + root(T(1) + s)))) + pick(large, T(0.69314718055994531), T(0));
  return set_bits(y, sign_of(x));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T acosh(T x) {
  const T t = x - T(1);
  const Word<T> large = mask<T>(x > T(1e9));
  const T y = log1p(pick(large, x, t + root(t * (t + T(2))))) + pick(large, T(0.69314718055994531), T(0));
  return set_bits(y, mask<T>(!(x >= T(1))));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T atanh(T x) {
  const T a = magnitude(x);
  const T y = T(0.5) * log1p((a + a) / (T(1) - a));
  return set_bits(pick(mask<T>(a < T(1e-4) * T(1e-4)), a, y), sign_of(x));
}

}  // namespace portable

/// Hyperbolic tangent. Float 2.4 ulp, 0.15 ns; double 2.1 ulp, 0.4 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float tanh(float x) {
  if constexpr (on_device) return __builtin_tanhf(x);
  else return portable::tanh(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double tanh(double x) {
  if constexpr (on_device) return __builtin_tanh(x);
  else return portable::tanh(x);
}

/// Hyperbolic sine. Float 1.9 ulp, 1.1 ns; double is the C library's, as for all that follow here.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float sinh(float x) {
  if constexpr (on_device) return __builtin_sinhf(x);
  else return portable::sinh(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double sinh(double x) { return __builtin_sinh(x); }

/// Hyperbolic cosine. Float 1.4 ulp, 0.4 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float cosh(float x) {
  if constexpr (on_device) return __builtin_coshf(x);
  else return portable::cosh(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double cosh(double x) { return __builtin_cosh(x); }

/// Inverse hyperbolic sine. Float 1.6 ulp, 1.0 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float asinh(float x) {
  if constexpr (on_device) return __builtin_asinhf(x);
  else return portable::asinh(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double asinh(double x) { return __builtin_asinh(x); }

/// Inverse hyperbolic cosine: NaN below 1. Float 2.0 ulp, 0.85 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float acosh(float x) {
  if constexpr (on_device) return __builtin_acoshf(x);
  else return portable::acosh(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double acosh(double x) { return __builtin_acosh(x); }

/// Inverse hyperbolic tangent: infinite at -1 and 1, NaN beyond. Float 1.9 ulp, 0.7 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float atanh(float x) {
  if constexpr (on_device) return __builtin_atanhf(x);
  else return portable::atanh(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double atanh(double x) { return __builtin_atanh(x); }

/// x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). Source: Hendrycks and Gimpel, 2016.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T gelu_tanh(T x) {
  return T(0.5) * x * (T(1) + math::tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x)));
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
