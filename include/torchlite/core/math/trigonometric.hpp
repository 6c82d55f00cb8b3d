// SPDX-License-Identifier: BSD-3-Clause
// Trigonometric functions: reduce to r in [-pi/4, pi/4] and a number of quarter turns, then a minimax polynomial in r.
#pragma once
#include <torchlite/core/math/bits.hpp>
#include <torchlite/core/math/two_over_pi.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

namespace portable {

/// r in [-pi/4, pi/4], plus `quarters` quarter turns; NaN for infinity and NaN.
template <class T>
struct Angle {
  T r;
  Word<T> quarters;
};

/// Exact for every float: the product with 2/pi, less whole turns, is formed in double.
template <class T>
  requires(std::is_same_v<T, float>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE Angle<float> reduce_angle(T x) {
  constexpr int last = TwoOverPi::count - 1;
  constexpr double magic = FloatLayout<double>::round_magic;
  const int entry = static_cast<int>((bits(x) >> 23) & 0xffu) - TwoOverPi::first_exponent;
  const int i = entry < 0 ? 0 : (entry > last ? last : entry);
  const double d = x, turns = d * TwoOverPi::high[i], extra = d * TwoOverPi::low[i], shifted = (turns + extra) + magic;
  const double rest = (turns - (shifted - magic)) + extra;
  const Word<float> bad = mask<float>(!(magnitude(x) < from_bits(FloatLayout<float>::infinity)));
  return {set_bits(static_cast<float>(rest * 1.5707963267948966), bad), static_cast<std::uint32_t>(bits(shifted))};
}

/// A part of a double whose last bit is worth 2^last, less whole turns: the result + the error. Parts below 2^16 stay.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T less_turns(T part, std::int64_t last, T& error) {
  const std::int64_t steps = last >> 4, j = steps < 0 ? 0 : (steps > PowerOfTwoAngle::count - 1 ? PowerOfTwoAngle::count - 1 : steps);
  const T whole = part * from_bits(static_cast<std::uint64_t>(1023 - 16 * j) << 52);
  const T product = whole * PowerOfTwoAngle::high[j];
  error = math::fma(whole, PowerOfTwoAngle::high[j], -product);
  error = math::fma(whole, PowerOfTwoAngle::low[j], error);
  return product;
}

/// The angle of every double to 1e-19, if the target has fma: halves of its digits are brought below 2^45 first.
template <class T>
  requires(std::is_same_v<T, double>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE Angle<double> reduce_angle(T x) {
  constexpr double magic = FloatLayout<double>::round_magic;
  const auto exponent = static_cast<std::int64_t>((bits(x) >> 52) & 0x7ff) - 1023;
  const T upper = from_bits(bits(x) & ~Word<double>(0x7ffffff));
  T error, small_error;
  const T large = less_turns<T>(upper, exponent - 25, error), small = less_turns<T>(x - upper, exponent - 52, small_error);
  const T c = large + small, grown = c - large;
  const T rest = ((large - (c - grown)) + (small - grown)) + (error + small_error);
  const T shifted = math::fma(c, 0.63661977236758134, magic), n = shifted - magic;
  T r = math::fma(n, -0x1.921fb54442d18p+0, c);
  r = math::fma(n, -0x1.1a62633145c07p-54, r) + rest;
  r = math::fma(n, 0x1.f1976b7ed8fbcp-110, r);
  const Word<double> bad = mask<double>(!(magnitude(x) < from_bits(FloatLayout<double>::infinity)));
  return {set_bits(r, bad), bits(shifted)};
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T sin_near_zero(T r) {
  const T s = r * r;
  T p;
  if constexpr (std::is_same_v<T, float>) p = polynomial(s, -0.166666538f, 0.00833213236f, -0.000195108325f);
  else
    p = polynomial(s, -0.16666666666666666, 0.0083333333333333211, -0.000198412698412536, 2.7557319213418525e-06, -2.5052104708095571e-08,
                   1.6058340436664329e-10, -7.5773880329753327e-13);
  return math::fma(p * s, r, r);
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T cos_near_zero(T r) {
  const T s = r * r;
  T p;
  if constexpr (std::is_same_v<T, float>) p = polynomial(s, 0.0416666456f, -0.0013887306f, 2.44312087e-05f);
  else
    p = polynomial(s, 0.041666666666666664, -0.0013888888888888872, 2.4801587301569893e-05, -2.7557319214683963e-07, 2.0876754209702934e-09,
                   -1.1470275451383254e-11, 4.7373031497504553e-14);
  return math::fma(p * s, s, math::fma(s, T(-0.5), T(1)));
}

/// sin(r + quarters quarter turns)
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T sin_of(T r, Word<T> quarters) {
  constexpr int top = FloatLayout<T>::mantissa == 23 ? 31 : 63;
  const Word<T> odd = Word<T>(0) - (quarters & Word<T>(1));
  const T y = pick(odd, cos_near_zero(r), sin_near_zero(r));
  return from_bits(static_cast<Word<T>>(bits(y) ^ ((quarters >> 1) << top)));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T sin(T x) {
  const auto a = reduce_angle(x);
  return pick(mask<T>(x == T(0)), x, sin_of(a.r, a.quarters));  // keeps -0
}
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T cos(T x) {
  const auto a = reduce_angle(x);
  return sin_of(a.r, a.quarters + Word<T>(1));
}

/// sin(2 pi u) and cos(2 pi u) for 0 <= u <= 1: no reduction is needed, and none rounds.
template <class T>
struct SinCos {
  T sin, cos;
};
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE SinCos<T> sincos_turn(T u) {
  constexpr T magic = FloatLayout<T>::round_magic;
  const T quarters = T(4) * u, shifted = quarters + magic;
  const T r = (quarters - (shifted - magic)) * T(1.5707963267948966);
  const Word<T> q = bits(shifted);
  return {sin_of(r, q), sin_of(r, static_cast<Word<T>>(q + Word<T>(1)))};
}

template <class T>  // a template, so that the GPU, where the table does not exist, need not compile it
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T tan(T x) {
  const auto a = reduce_angle(x);
  const T s = sin_near_zero(a.r), c = cos_near_zero(a.r);
  const Word<T> odd = Word<T>(0) - (a.quarters & Word<T>(1));
  return pick(mask<T>(x == T(0)), x, pick(odd, -c, s) / pick(odd, s, c));  // keeps -0
}

/// asin for 0 <= a <= 1/2, given s = a^2
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float asin_near_zero(float a, float s) {
  const float p = polynomial(s, 0.166666597f, 0.0750051215f, 0.0445154719f, 0.0318198204f, 0.0143937841f, 0.0375781991f);
  return math::fma(p * s, a, a);
}

/// The smaller of asin(a) and its complement pi/2 - asin(a), halved: asin(sqrt((1 - a) / 2)) above 1/2.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float asin_half(float a, Word<float> large) {
  const float s = pick(large, (1.0f - a) * 0.5f, a * a);
  return asin_near_zero(pick(large, __builtin_sqrtf(s), a), s);
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float asin(float x) {
  const float a = magnitude(x);
  const Word<float> large = mask<float>(a > 0.5f);
  const float p = asin_half(a, large);
  return set_bits(pick(large, 1.57079637f - (p + p + 4.37113883e-08f), p), sign_of(x));
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float acos(float x) {
  const float a = magnitude(x);
  const Word<float> large = mask<float>(a > 0.5f), negative = mask<float>(x < 0.0f);
  const float p = asin_half(a, large);
  const float far = pick(negative, 3.14159274f - (p + p + 8.74227766e-08f), p + p);
  const float near = 1.57079637f - (pick(negative, -p, p) + 4.37113883e-08f);
  return pick(large, far, near);
}

/// atan for 0 <= q <= 1
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float atan_unit(float q) {
  const float s = q * q;
  const float p = polynomial(s, -0.333333015f, 0.199986383f, -0.142652452f, 0.109575756f, -0.0841945112f, 0.0582343563f, -0.0314554647f,
                             0.0110642985f, -0.00182717887f);
  return math::fma(p * s, q, q);
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float atan(float x) {
  const float a = magnitude(x);
  const Word<float> large = mask<float>(a > 1.0f);
  const float p = atan_unit(pick(large, 1.0f / a, a));
  return set_bits(pick(large, 1.57079637f - (p + 4.37113883e-08f), p), sign_of(x));
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float atan2(float y, float x) {
  const float ay = magnitude(y), ax = magnitude(x);
  const Word<float> steep = mask<float>(ay > ax);
  const float large = pick(steep, ay, ax), small = pick(steep, ax, ay);
  // Equal magnitudes are 45 degrees, infinite ones too, except that 0/0 is 0.
  const float quotient = small / pick(mask<float>(large == 0.0f), 1.0f, large);
  const float q = pick(mask<float>((small == large) & (large > 0.0f)), 1.0f, quotient);
  float p = atan_unit(q);
  p = pick(steep, 1.57079637f - (p + 4.37113883e-08f), p);
  p = pick(mask<float>(sign_of(x) != 0u), 3.14159274f - (p + 8.74227766e-08f), p);
  return set_bits(p, sign_of(y) | mask<float>((x != x) | (y != y)));
}

}  // namespace portable

/// Sine, x in radians. Float 1.5 ulp for every x, 1.4 ns; double 1.5 ulp, or 1e-19 beside the zeros of large x, 1.9 ns
/// (the C library's where the target has no fma).
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float sin(float x) {
  if constexpr (on_device) return __builtin_sinf(x);
  else return portable::sin(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double sin(double x) {
  if constexpr (on_device || !has_fma) return __builtin_sin(x);
  else return portable::sin(x);
}

/// Cosine, x in radians; errors, range and cost are sin's.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float cos(float x) {
  if constexpr (on_device) return __builtin_cosf(x);
  else return portable::cos(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double cos(double x) {
  if constexpr (on_device || !has_fma) return __builtin_cos(x);
  else return portable::cos(x);
}

/// Tangent, x in radians. Float 3.4 ulp for every x, 1.5 ns; double is the C library's, as for all that follow here.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float tan(float x) {
  if constexpr (on_device) return __builtin_tanf(x);
  else return portable::tan(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double tan(double x) { return __builtin_tan(x); }

/// Inverse sine in [-pi/2, pi/2]: NaN beyond |x| = 1. Float 2.3 ulp, 0.3 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float asin(float x) {
  if constexpr (on_device) return __builtin_asinf(x);
  else return portable::asin(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double asin(double x) { return __builtin_asin(x); }

/// Inverse cosine in [0, pi]: NaN beyond |x| = 1. Float 1.1 ulp, 0.4 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float acos(float x) {
  if constexpr (on_device) return __builtin_acosf(x);
  else return portable::acos(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double acos(double x) { return __builtin_acos(x); }

/// Inverse tangent in [-pi/2, pi/2]. Float 1.5 ulp, 0.32 ns.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float atan(float x) {
  if constexpr (on_device) return __builtin_atanf(x);
  else return portable::atan(x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double atan(double x) { return __builtin_atan(x); }

/// The angle of the point (x, y), in [-pi, pi]. Float 3 ulp.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float atan2(float y, float x) {
  if constexpr (on_device) return __builtin_atan2f(y, x);
  else return portable::atan2(y, x);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double atan2(double y, double x) { return __builtin_atan2(y, x); }

}  // namespace torchlite::inline TORCHLITE_ABI::math
