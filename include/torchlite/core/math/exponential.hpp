// SPDX-License-Identifier: BSD-3-Clause
// exp and its family: x = n ln 2 + r with |r| <= ln(2)/2, a minimax polynomial in r, and 2^n put into the exponent field.
#pragma once
#include <torchlite/core/math/bits.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

// The host's own functions, correct on every target; the GPU uses them too where both sides must agree.
namespace portable {

template <class T>
struct ExpReduction {
  T r;           // x - n ln 2
  T low;         // what rounding r lost
  Word<T> word;  // its low bits hold n + offset, whatever stands above
};

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE ExpReduction<T> reduce_exp(T x, int offset) {
  constexpr bool single = std::is_same_v<T, float>;
  constexpr T high = single ? T(0.693359375) : T(0x1.62e42fefa3800p-1);  // few bits, so that n * high is exact
  constexpr T rest = single ? T(-2.12194440054690583e-4) : T(0x1.ef35793c76730p-45);
  const T magic = FloatLayout<T>::round_magic + static_cast<T>(offset);
  const T shifted = math::fma(x, T(1.4426950408889634), magic);
  const T n = shifted - magic;
  const T coarse = math::fma(n, -high, x);
  const T r = math::fma(n, -rest, coarse);
  return {r, math::fma(n, -rest, coarse - r), bits(shifted)};
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

/// e^r - 1 for |r| <= 0.348
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T expm1_near_zero(T r) {
  return math::fma(exp_tail(r), r * r, r);
}

/// 2^n for n within the normal range, of a word that holds n + the exponent's bias.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T power_of_word(Word<T> word) {
  return from_bits(static_cast<Word<T>>(word << FloatLayout<T>::mantissa));
}

/// y 2^n, of a word that holds n + twice the bias, in two steps: neither factor overflows, and a denormal result is rounded once.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T scale(T y, Word<T> word) {
  const Word<T> half = word >> 1;
  return y * power_of_word<T>(half) * power_of_word<T>(word - half);
}

/// e^x without special cases: |x| <= 87 for float, 708 for double.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp_moderate(T x) {
  const auto k = reduce_exp(x, FloatLayout<T>::bias);
  return (expm1_near_zero(k.r) + T(1)) * power_of_word<T>(k.word);
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp(T x) {
  constexpr T limit = std::is_same_v<T, float> ? T(105) : T(750);
  const auto k = reduce_exp(bounded(x, limit), 2 * FloatLayout<T>::bias);
  return set_bits(scale(expm1_near_zero(k.r) + T(1), k.word), mask<T>(x != x));
}

/// e^-a for a >= 0. Results stand 2^far higher before the last step, which rounds the denormal ones.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp_minus(T a) {
  constexpr bool single = std::is_same_v<T, float>;
  constexpr int far = single ? 26 : 64;
  const auto k = reduce_exp(-bounded(a, single ? T(105) : T(750)), FloatLayout<T>::bias + far);
  return (expm1_near_zero(k.r) + T(1)) * power_of_word<T>(k.word) * (single ? T(0x1p-26) : T(0x1p-64));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T exp2(T x) {
  constexpr T limit = std::is_same_v<T, float> ? T(152) : T(1080);
  constexpr T magic = FloatLayout<T>::round_magic + T(2 * FloatLayout<T>::bias);
  const T c = bounded(x, limit);
  const T shifted = c + magic;
  const T r = (c - (shifted - magic)) * T(0.69314718055994531);
  return set_bits(scale(expm1_near_zero(r) + T(1), bits(shifted)), mask<T>(x != x));
}

/// e^x - 1 for |x| <= 40, with half the care of expm1: 1.7 ulp.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T expm1_moderate(T x) {
  const auto k = reduce_exp(x, FloatLayout<T>::bias);
  const T s = power_of_word<T>(k.word);
  return math::fma(s, expm1_near_zero(k.r), s - T(1));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T expm1(T x) {
  constexpr T low = std::is_same_v<T, float> ? T(-20) : T(-40), high = std::is_same_v<T, float> ? T(89) : T(710);
  const T c = bounded(x, high);
  const auto k = reduce_exp(pick(mask<T>(c < low), low, c), FloatLayout<T>::bias - 1);
  const T correction = math::fma(exp_tail(k.r), k.r * k.r, math::fma(k.low, k.r, k.low));
  // Half of 2^n (1 + r + correction) - 1, with the rounding error of the large sum carried along.
  const T s = power_of_word<T>(k.word);
  const T a = s - T(0.5), b = s * k.r;
  const T sum = a + b;
  const T b_part = sum - a;
  const T error = (a - (sum - b_part)) + (b - b_part);
  const T y = sum + math::fma(s, correction, error);
  const T tiny = std::is_same_v<T, float> ? T(0x1p-26) : T(0x1p-55);
  return set_bits(pick(mask<T>(magnitude(x) < tiny), x, y + y), mask<T>(x != x));
}

}  // namespace portable

/// e^x, denormal results included. Float 0.99 ulp, 0.14 ns; double 1.0 ulp, 0.35 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float exp(float x) {
  if constexpr (on_device) return __builtin_expf(x);
  else return portable::exp(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double exp(double x) {
  if constexpr (on_device) return __builtin_exp(x);
  else return portable::exp(x);
}

/// 2^x. Float 0.99 ulp, 0.12 ns; double 1.0 ulp, 0.3 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float exp2(float x) {
  if constexpr (on_device) return __builtin_exp2f(x);
  else return portable::exp2(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double exp2(double x) {
  if constexpr (on_device) return __builtin_exp2(x);
  else return portable::exp2(x);
}

/// e^x - 1, accurate near 0. Float 1.05 ulp, 0.27 ns; double 1.0 ulp, 0.7 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float expm1(float x) {
  if constexpr (on_device) return __builtin_expm1f(x);
  else return portable::expm1(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double expm1(double x) {
  if constexpr (on_device) return __builtin_expm1(x);
  else return portable::expm1(x);
}

namespace portable {
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T sigmoid(T x) {
  const T e = exp_minus(magnitude(x));
  return set_bits(pick(mask<T>(x < T(0)), e, T(1)) / (T(1) + e), mask<T>(x != x));
}
}  // namespace portable

/// 1 / (1 + e^-x); never overflows, and keeps the denormal results of very negative x. Float 2.2 ulp, 0.17 ns;
/// double 2.0 ulp, 0.4 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float sigmoid(float x) {
  if constexpr (on_device) {
    const float e = __builtin_expf(-magnitude(x));
    return (x < 0.0f ? e : 1.0f) / (1.0f + e);
  } else {
    return portable::sigmoid(x);
  }
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double sigmoid(double x) {
  if constexpr (on_device) {
    const double e = __builtin_exp(-magnitude(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
  } else {
    return portable::sigmoid(x);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
