// SPDX-License-Identifier: BSD-3-Clause
// exp and its family: x = n ln 2 + r with |r| <= ln(2)/2, a minimax polynomial in r, and 2^n put into the exponent field.
#pragma once
#include <torchlite/core/math/bits.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

// The host's own functions, correct on every target; the GPU uses them too where both sides must agree.
namespace portable {

template <class T>
struct ExpReduction {
  T r;        // x - n ln 2
  T low;      // what rounding r lost
  Word<T> n;  // two's complement
};

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE ExpReduction<T> reduce_exp(T x) {
  constexpr bool single = std::is_same_v<T, float>;
  constexpr T high = single ? T(0.693359375) : T(0x1.62e42fefa3800p-1);  // few bits, so that n * high is exact
  constexpr T rest = single ? T(-2.12194440054690583e-4) : T(0x1.ef35793c76730p-45);
  constexpr T magic = FloatLayout<T>::round_magic;
  const T shifted = math::fma(x, T(1.4426950408889634), magic);
  const T n = shifted - magic;
  const T coarse = math::fma(n, -high, x);
  const T r = math::fma(n, -rest, coarse);
  return {r, math::fma(n, -rest, coarse - r), bits(shifted) - bits(magic)};
}

/// (e^r - 1 - r) / r^2 for |r| <= 0.348
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp_tail(T r) {
  if constexpr (std::is_same_v<T, float>)
    return polynomial(r, 0.5f, 0.166666672f, 0.0416663513f, 0.0083332723f, 0.00139413099f, 0.000199145652f);
  else
    return polynomial(r, 0.50000000000000056, 0.16666666666666685, 0.041666666666571442, 0.0083333333333142044, 0.001388888893314028,
                      0.00019841269903999093, 2.4801503481675878e-05, 2.7557226991609388e-06, 2.7626727033021894e-07,
                      2.5114803911564616e-08);
}

/// e^r for |r| <= 0.348
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp_near_zero(T r) {
  return math::fma(exp_tail(r), r * r, r) + T(1);
}

/// e^x without special cases: |x| <= 87 for float, 708 for double.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp_moderate(T x) {
  const auto k = reduce_exp(x);
  return exp_near_zero(k.r) * power_of_two<T>(k.n);
}

/// y 2^n in two steps: neither factor overflows, and a denormal result is rounded once. -2100 < n < 2100.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T scale(T y, Word<T> n) {
  const Word<T> half = ((n + Word<T>(4096)) >> 1) - Word<T>(2048);
  return y * power_of_two<T>(half) * power_of_two<T>(n - half);
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp(T x) {
  constexpr T limit = std::is_same_v<T, float> ? T(105) : T(750);
  const auto k = reduce_exp(greater(lesser(x, limit), -limit));
  return set_bits(scale(exp_near_zero(k.r), k.n), mask<T>(x != x));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp2(T x) {
  constexpr T limit = std::is_same_v<T, float> ? T(152) : T(1080);
  constexpr T magic = FloatLayout<T>::round_magic;
  const T c = greater(lesser(x, limit), -limit);
  const T shifted = c + magic;
  const T r = (c - (shifted - magic)) * T(0.69314718055994531);
  return set_bits(scale(exp_near_zero(r), bits(shifted) - bits(magic)), mask<T>(x != x));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T expm1(T x) {
  constexpr T low = std::is_same_v<T, float> ? T(-20) : T(-40), high = std::is_same_v<T, float> ? T(89) : T(710);
  const auto k = reduce_exp(greater(lesser(x, high), low));
  const T correction = math::fma(exp_tail(k.r), k.r * k.r, math::fma(k.low, k.r, k.low));
  // Half of 2^n (1 + r + correction) - 1, with the rounding error of the large sum carried along.
  const T s = power_of_two<T>(k.n - Word<T>(1));
  const T a = s - T(0.5), b = s * k.r;
  const T sum = a + b;
  const T b_part = sum - a;
  const T error = (a - (sum - b_part)) + (b - b_part);
  const T y = sum + math::fma(s, correction, error);
  const T tiny = std::is_same_v<T, float> ? T(0x1p-26) : T(0x1p-55);
  return set_bits(pick(mask<T>(magnitude(x) < tiny), x, y + y), mask<T>(x != x));
}

}  // namespace portable

/// e^x, denormal results included. Float 0.95 ulp, 0.35 ns; double 1.0 ulp, 0.9 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float exp(float x) {
  if constexpr (on_device) return __builtin_expf(x);
  else return portable::exp(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double exp(double x) {
  if constexpr (on_device) return __builtin_exp(x);
  else return portable::exp(x);
}

/// 2^x. Float 0.93 ulp, 0.30 ns; double 1.0 ulp, 0.7 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float exp2(float x) {
  if constexpr (on_device) return __builtin_exp2f(x);
  else return portable::exp2(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double exp2(double x) {
  if constexpr (on_device) return __builtin_exp2(x);
  else return portable::exp2(x);
}

/// e^x - 1, accurate near 0. Float 1.03 ulp, 0.49 ns; double 1.0 ulp, 1.1 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float expm1(float x) {
  if constexpr (on_device) return __builtin_expm1f(x);
  else return portable::expm1(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double expm1(double x) {
  if constexpr (on_device) return __builtin_expm1(x);
  else return portable::expm1(x);
}

/// 1 / (1 + e^-x); never overflows, and keeps the denormal results of very negative x. Float 2.2 ulp, 0.47 ns;
/// double 2.0 ulp, 1.1 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float sigmoid(float x) {
  const float e = math::exp(-magnitude(x));
  if constexpr (on_device) return (x < 0.0f ? e : 1.0f) / (1.0f + e);  // nvcc 13 ends without memory on tanh(a) * sigmoid(b) with masks
  else return pick(mask<float>(x < 0.0f), e, 1.0f) / (1.0f + e);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double sigmoid(double x) {
  const double e = math::exp(-magnitude(x));
  if constexpr (on_device) return (x < 0.0 ? e : 1.0) / (1.0 + e);  // nvcc 13 ends without memory on tanh(a) * sigmoid(b) with masks
  else return pick(mask<double>(x < 0.0), e, 1.0) / (1.0 + e);
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
