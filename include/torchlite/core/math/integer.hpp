// SPDX-License-Identifier: BSD-3-Clause
// Functions of integers; all wrap round on overflow, as PyTorch's do.
#pragma once
#include <torchlite/core/math/compare.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

/// The greatest common divisor, not negative; of 0 and 0 it is 0.
template <class T>
  requires(std::is_integral_v<T>)
TORCHLITE_HOST_DEVICE inline T gcd(T a, T b) {
  using U = std::make_unsigned_t<T>;
  U x = static_cast<U>(math::abs(a)), y = static_cast<U>(math::abs(b));
  while (y != 0) {
    const U rest = static_cast<U>(x % y);
    x = y;
    y = rest;
  }
  return static_cast<T>(x);
}

/// The least common multiple, not negative; 0 if either is 0.
template <class T>
  requires(std::is_integral_v<T>)
TORCHLITE_HOST_DEVICE inline T lcm(T a, T b) {
  const T g = math::gcd(a, b);
  if (g == T(0)) return T(0);
  // Short integers are multiplied as int, so that it is the magnitude that wraps round.
  using Wide = std::conditional_t<(sizeof(T) < sizeof(int)), int, T>;
  const auto product = static_cast<std::uint64_t>(a / g) * static_cast<std::uint64_t>(b);
  return static_cast<T>(math::abs(static_cast<Wide>(product)));
}

/// a * 2^n modulo the type's range; 0 if n is negative or at least the number of bits.
template <class T>
  requires(std::is_integral_v<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T shift_left(T a, T n) {
  constexpr T width = static_cast<T>(sizeof(T) * 8);
  return n < T(0) || n >= width ? T(0) : static_cast<T>(static_cast<std::uint64_t>(a) << n);
}

/// a / 2^n rounded down; a negative n or one beyond the width shifts all bits out: 0, or -1 for negative a.
template <class T>
  requires(std::is_integral_v<T>)
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T shift_right(T a, T n) {
  constexpr T last = static_cast<T>(sizeof(T) * 8 - 1);
  return static_cast<T>(a >> (n < T(0) || n > last ? last : n));
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
