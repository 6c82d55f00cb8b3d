// SPDX-License-Identifier: BSD-3-Clause
// Roots and powers.
#pragma once
#include <torchlite/core/math/compare.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

/// Square root: NaN below 0, correctly rounded. Loops over it vectorise with -fno-math-errno.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float sqrt(float x) { return __builtin_sqrtf(x); }
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double sqrt(double x) { return __builtin_sqrt(x); }

/// 1 / sqrt(x).
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float rsqrt(float x) { return 1.0f / __builtin_sqrtf(x); }
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double rsqrt(double x) { return 1.0 / __builtin_sqrt(x); }

namespace portable {

// exp(y ln|x|) in double, which leaves nothing but the last rounding; then the cases C's annex F lists.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float pow(float x, float y) {
  const float ax = magnitude(x), ay = magnitude(y);
  float r = static_cast<float>(portable::exp(static_cast<double>(y) * portable::log(static_cast<double>(ax))));
  // Every float from 2^24 on is an even integer.
  const float bounded = lesser(ay, 16777216.0f);
  const std::int32_t whole = static_cast<std::int32_t>(bounded);
  const Word<float> integer = mask<float>(static_cast<float>(whole) == bounded);
  const Word<float> odd = integer & (0u - static_cast<std::uint32_t>(whole & 1));
  r = from_bits(bits(r) | (sign_of(x) & odd));
  r = set_bits(r, mask<float>((x < 0.0f) & (ax < from_bits(FloatLayout<float>::infinity))) & ~integer);
  r = pick(mask<float>((ax == 1.0f) & (ay == from_bits(FloatLayout<float>::infinity))), 1.0f, r);
  r = set_bits(r, mask<float>((x != x) | (y != y)));
  return pick(mask<float>((x == 1.0f) | (y == 0.0f)), 1.0f, r);
}

}  // namespace portable

/// x^y with C's special cases: pow(x, 0) and pow(1, y) are 1 even for NaN, a negative x takes integer y only.
/// Float 0.6 ulp, about 3 ns; double is the C library's.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float pow(float x, float y) {
  if constexpr (on_device) return __builtin_powf(x, y);
  else return portable::pow(x, y);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double pow(double x, double y) { return __builtin_pow(x, y); }

/// x^n by squaring; it wraps round on overflow. A negative n gives 0 unless |x| is 1.
template <class T>
  requires(std::is_integral_v<T>)
TORCHLITE_HOST_DEVICE inline T pow(T x, T n) {
  using U = std::uint64_t;
  if constexpr (std::is_signed_v<T>) {
    if (n < T(0)) return x == T(1) ? T(1) : (x == T(-1) ? ((n & T(1)) != T(0) ? T(-1) : T(1)) : T(0));
  }
  U result = 1, base = static_cast<U>(x), left = static_cast<U>(n);
  for (; left != 0; left >>= 1, base *= base)
    if ((left & 1) != 0) result *= base;
  return static_cast<T>(result);
}

/// sqrt(x^2 + y^2) without overflow; infinite if either is, whatever the other.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE float hypot(float x, float y) {
  if constexpr (on_device) {
    return __builtin_hypotf(x, y);
  } else {
    const double a = x, b = y;
    const float r = static_cast<float>(__builtin_sqrt(math::fma(a, a, b * b)));
    return pick(mask<float>(isinf(x)) | mask<float>(isinf(y)), from_bits(FloatLayout<float>::infinity), r);
  }
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE double hypot(double x, double y) { return __builtin_hypot(x, y); }

}  // namespace torchlite::inline TORCHLITE_ABI::math
