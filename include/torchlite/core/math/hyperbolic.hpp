// SPDX-License-Identifier: BSD-3-Clause
// Hyperbolic functions and their inverses, from exp, expm1 and log1p.
#pragma once
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

namespace portable {

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T tanh(T x) {
  constexpr T saturated = std::is_same_v<T, float> ? T(9.1) : T(20);  // tanh rounds to 1 from here on
  const T a = lesser(magnitude(x), saturated), s = a * a;
  T p;
  if constexpr (std::is_same_v<T, float>) p = polynomial(s, -0.333332837f, 0.133314699f, -0.0537416302f, 0.0206441544f, -0.00570951775f);
  else
    p = polynomial(s, -0.33333333333333315, 0.1333333333332978, -0.053968253966073812, 0.021869488468982082, -0.0088632343148410137,
                   0.00359211400509941, -0.0014557258822930268, 0.00058945113162725592, -0.00023700886249776673, 9.1551700203968041e-05,
                   -3.017887415591811e-05, 6.0381385177827979e-06);
  const T near = math::fma(p * s, a, a);
  const T far = T(1) - T(2) / (exp_moderate(a + a) + T(1));
  const T y = pick(mask<T>(a < T(0.625)), near, far);
  return set_bits(y, sign_of(x) | mask<T>(x != x));
}

/// e^a / 2 for a >= 0, which is finite a little longer than e^a.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T half_exp(T a) {
  const auto k = reduce_exp(lesser(a, std::is_same_v<T, float> ? T(105) : T(750)));
  return scale(exp_near_zero(k.r), k.n - Word<T>(1));
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

/// Hyperbolic tangent. Float 1.3 ulp, 0.50 ns; double 1.2 ulp, 1.5 ns.
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

}  // namespace torchlite::inline TORCHLITE_ABI::math
