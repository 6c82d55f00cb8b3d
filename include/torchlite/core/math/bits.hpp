// SPDX-License-Identifier: BSD-3-Clause
// The pieces branch-free functions are made of. g++ turns `?:` between computed values into real branches and then leaves
// the loop round them scalar; masks on bit patterns stay vectorisable at -O2.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI::math {

/// True while compiling for the GPU, where the toolkit's own functions are used.
inline constexpr bool on_device = TORCHLITE_DEVICE_PASS;

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || TORCHLITE_DEVICE_PASS
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif

template <class T>
struct FloatLayout;
template <>
struct FloatLayout<float> {
  using Word = std::uint32_t;
  using Signed = std::int32_t;
  static constexpr int mantissa = 23, bias = 127;
  static constexpr Word sign = 0x80000000u, infinity = 0x7f800000u;
  static constexpr float round_magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer kept in the low bits
};
template <>
struct FloatLayout<double> {
  using Word = std::uint64_t;
  using Signed = std::int64_t;
  static constexpr int mantissa = 52, bias = 1023;
  static constexpr Word sign = 0x8000000000000000u, infinity = 0x7ff0000000000000u;
  static constexpr double round_magic = 6755399441055744.0;  // 1.5 * 2^52
};
template <class T>
using Word = typename FloatLayout<T>::Word;

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint32_t bits(float x) { return __builtin_bit_cast(std::uint32_t, x); }
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint64_t bits(double x) { return __builtin_bit_cast(std::uint64_t, x); }
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr float from_bits(std::uint32_t w) { return __builtin_bit_cast(float, w); }
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr double from_bits(std::uint64_t w) { return __builtin_bit_cast(double, w); }

/// All ones where the condition holds, else zero.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr Word<T> mask(bool condition) {
  return Word<T>(0) - static_cast<Word<T>>(condition);
}

/// a where the mask is all ones, b where it is zero; both are computed.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T pick(Word<T> m, T a, T b) {
  return from_bits(static_cast<Word<T>>((bits(a) & m) | (bits(b) & ~m)));
}

/// x, with every bit of the mask set: NaN where it is all ones.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T set_bits(T x, Word<T> m) {
  return from_bits(static_cast<Word<T>>(bits(x) | m));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T magnitude(T x) {
  return from_bits(static_cast<Word<T>>(bits(x) & ~FloatLayout<T>::sign));
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr Word<T> sign_of(T x) {
  return bits(x) & FloatLayout<T>::sign;
}

// Plain `?:` between two existing values is one min or max instruction; of NaN and b they give b.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T lesser(T a, T b) {
  return a < b ? a : b;
}
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T greater(T a, T b) {
  return a > b ? a : b;
}

/// x, but at most high in magnitude. Compared as integers, which is one instruction; of NaN it makes the bound.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T bounded(T x, T high) {
  const Word<T> a = bits(magnitude(x));
  return from_bits(static_cast<Word<T>>((a < bits(high) ? a : bits(high)) | sign_of(x)));
}

/// a * b + c, rounded once where the target has the instruction and twice elsewhere: never a library call.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float fma(float a, float b, float c) {
  if constexpr (has_fma) return __builtin_fmaf(a, b, c);
  else return a * b + c;
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double fma(double a, double b, double c) {
  if constexpr (has_fma) return __builtin_fma(a, b, c);
  else return a * b + c;
}

/// (c0 + c1 x) + s ((c2 + c3 x) + s (...)) with s = x^2
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T polynomial_in_pairs(T, T, T c) {
  return c;
}
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T polynomial_in_pairs(T, T x, T c0, T c1) {
  return math::fma(c1, x, c0);
}
template <class T, class... Rest>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T polynomial_in_pairs(T s, T x, T c0, T c1, Rest... rest) {
  return math::fma(polynomial_in_pairs(s, x, rest...), s, math::fma(c1, x, c0));
}

/// c0 + c1 x + c2 x^2 + ..., by pairs of terms: half as long a chain as Horner's, for one more product.
template <class T, class... C>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T polynomial(T x, C... c) {
  return polynomial_in_pairs(x * x, x, c...);
}

/// 2^n for n within the normal range; n is two's complement in a word.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T power_of_two(Word<T> n) {
  return from_bits(static_cast<Word<T>>((n + Word<T>(FloatLayout<T>::bias)) << FloatLayout<T>::mantissa));
}

/// condition ? a : b for floating types without a branch; both are computed.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T select(bool condition, T a, T b) {
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) return pick(mask<T>(condition), a, b);
  else return condition ? a : b;
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
