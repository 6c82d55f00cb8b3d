// SPDX-License-Identifier: BSD-3-Clause
// Classification, sign, minimum and maximum; on integers these are exact and never convert.
#pragma once
#include <torchlite/core/math/bits.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

template <class T>
inline constexpr bool is_real = std::is_same_v<T, float> || std::is_same_v<T, double>;
template <class T>
inline constexpr bool is_number = is_real<T> || std::is_integral_v<T>;

template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bool isnan(T x) { return x != x; }
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bool isinf(T x) {
  if constexpr (is_real<T>) return magnitude(x) == from_bits(FloatLayout<T>::infinity);
  else return false;
}
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bool isfinite(T x) {
  if constexpr (is_real<T>) return magnitude(x) < from_bits(FloatLayout<T>::infinity);
  else return true;
}
/// True for negative numbers, -0 and NaN with the sign set.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bool signbit(T x) {
  if constexpr (is_real<T>) return sign_of(x) != 0;
  else return x < T(0);
}

/// |x|; the smallest integer of a type is its own absolute value, as in PyTorch.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T abs(T x) {
  if constexpr (is_real<T>) return magnitude(x);
  else if constexpr (std::is_unsigned_v<T>) return x;
  else return x < T(0) ? static_cast<T>(std::make_unsigned_t<T>(0) - static_cast<std::make_unsigned_t<T>>(x)) : x;
}

/// -1, 0 or 1; of NaN it is 0, as PyTorch's sign.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T sign(T x) { return static_cast<T>(static_cast<T>(x > T(0)) - static_cast<T>(x < T(0))); }

/// The magnitude of x with the sign of y.
template <class T>
  requires(is_real<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T copysign(T x, T y) {
  return from_bits(static_cast<Word<T>>(bits(magnitude(x)) | sign_of(y)));
}

/// The larger, NaN if either is NaN: PyTorch's maximum, clamp, relu and max pooling.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T max(T a, T b) {
  if constexpr (is_real<T>) return pick(mask<T>((a > b) | (a != a)), a, b);
  else return a > b ? a : b;
}
/// The smaller, NaN if either is NaN.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T min(T a, T b) {
  if constexpr (is_real<T>) return pick(mask<T>((a < b) | (a != a)), a, b);
  else return a < b ? a : b;
}
/// The larger, ignoring NaN.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T fmax(T a, T b) {
  if constexpr (is_real<T>) return pick(mask<T>((a > b) | (b != b)), a, b);
  else return a > b ? a : b;
}
/// The smaller, ignoring NaN.
template <class T>
  requires(is_number<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T fmin(T a, T b) {
  if constexpr (is_real<T>) return pick(mask<T>((a < b) | (b != b)), a, b);
  else return a < b ? a : b;
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
