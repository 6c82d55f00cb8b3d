// SPDX-License-Identifier: BSD-3-Clause
// Rounding and division remainders. Rounding an integer gives it back.
#pragma once
#include <torchlite/core/math/compare.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

/// The largest integer not above x.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T floor(T x) {
  if constexpr (std::is_same_v<T, float>) return __builtin_floorf(x);
  else if constexpr (std::is_same_v<T, double>) return __builtin_floor(x);
  else return x;
}
/// The smallest integer not below x.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T ceil(T x) {
  if constexpr (std::is_same_v<T, float>) return __builtin_ceilf(x);
  else if constexpr (std::is_same_v<T, double>) return __builtin_ceil(x);
  else return x;
}
/// x without its fraction: rounds towards zero.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T trunc(T x) {
  if constexpr (std::is_same_v<T, float>) return __builtin_truncf(x);
  else if constexpr (std::is_same_v<T, double>) return __builtin_trunc(x);
  else return x;
}
/// The nearest integer, halves to the even one, as PyTorch.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T round(T x) {
  if constexpr (std::is_same_v<T, float>) return __builtin_rintf(x);
  else if constexpr (std::is_same_v<T, double>) return __builtin_rint(x);
  else return x;
}
/// x - trunc(x), with x's sign.
template <class T>
  requires(is_real<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T frac(T x) { return x - math::trunc(x); }

/// The remainder with the dividend's sign: C's fmod, and % on integers. Integers: b must not be 0.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T fmod(T a, T b) {
  if constexpr (std::is_same_v<T, float>) return __builtin_fmodf(a, b);
  else if constexpr (std::is_same_v<T, double>) return __builtin_fmod(a, b);
  else if constexpr (std::is_signed_v<T>) return b == T(-1) ? T(0) : static_cast<T>(a % b);  // the smallest integer % -1 would trap
  else return static_cast<T>(a % b);
}

/// The remainder with the divisor's sign: Python's % and PyTorch's remainder. Integers: b must not be 0.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T remainder(T a, T b) {
  const T r = math::fmod(a, b);
  const bool opposite = (r < T(0)) != (b < T(0));
  return r != T(0) && opposite ? static_cast<T>(r + b) : r;
}

/// a / b rounded down: Python's //. Integers: b must not be 0. Floats follow Python, so that floor_divide(1.0, 0.1) is 9.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T floor_divide(T a, T b) {
  if constexpr (is_real<T>) {
    if (b == T(0)) return a / b;
    const T r = math::fmod(a, b);
    T q = (a - r) / b;
    if ((r != T(0)) & ((r < T(0)) != (b < T(0)))) q -= T(1);
    if (q == T(0)) return math::copysign(T(0), a / b);
    const T whole = math::floor(q);
    return q - whole > T(0.5) ? whole + T(1) : whole;
  } else if constexpr (std::is_signed_v<T>) {
    if (b == T(-1)) return static_cast<T>(std::make_unsigned_t<T>(0) - static_cast<std::make_unsigned_t<T>>(a));
    const T q = static_cast<T>(a / b);
    return static_cast<T>(q - T((a % b != 0) & ((a < T(0)) != (b < T(0)))));
  } else {
    return static_cast<T>(a / b);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
