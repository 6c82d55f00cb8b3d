// SPDX-License-Identifier: BSD-3-Clause
// half (IEEE 754 binary16) and bfloat16: two-byte storage types. They convert to float without being asked, so arithmetic on
// them happens in float; the way back rounds and is therefore explicit.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>
#include <limits>
#include <type_traits>
#if TORCHLITE_CUDA
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#endif

namespace torchlite::inline TORCHLITE_ABI {

// Conversions between bit patterns. Masks instead of branches: a loop over them vectorises under g++ and clang
// (0.2 to 0.3 ns per element with AVX-512), which it does not round _Float16.
namespace half_bits {

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint32_t from_float(float x) { return __builtin_bit_cast(std::uint32_t, x); }
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr float to_float(std::uint32_t u) { return __builtin_bit_cast(float, u); }

/// All ones where a < b, else zero; both below 2^31.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint32_t less(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(a - b) >> 31);
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint32_t choose(std::uint32_t mask, std::uint32_t a, std::uint32_t b) {
  return (a & mask) | (b & ~mask);
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr float half_to_float(std::uint16_t h) {
  const std::uint32_t payload = (h & 0x7fffu) << 13;
  const std::uint32_t sign = (h & 0x8000u) << 16;
  const std::uint32_t tiny = less(payload, 0x00800000u);     // exponent 0: zero and denormals
  const std::uint32_t special = less(0x0f7fffffu, payload);  // exponent 31: inf and NaN
  const std::uint32_t normal = payload + 0x38000000u + (special & 0x38000000u);
  // The subtraction of 2^-14 normalises a denormal exactly.
  const std::uint32_t denormal = from_float(to_float(payload + 0x38800000u) - to_float(0x38800000u));
  return to_float(choose(tiny, denormal, normal) | sign);
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint16_t float_to_half(float x) {
  const std::uint32_t u = from_float(x);
  const std::uint32_t a = u & 0x7fffffffu;
  const std::uint32_t denormal = from_float(to_float(a) + 0.5f) - 0x3f000000u;  // below 2^-14 the adder rounds, ties to even
  const std::uint32_t normal = (a - 0x38000000u + 0xfffu + ((a >> 13) & 1u)) >> 13;
  std::uint32_t r = choose(less(a, 0x38800000u), denormal, normal);
  r = choose(less(0x477fefffu, a), 0x7c00u, r);                  // 65520 and above round to infinity
  r |= less(0x7f800000u, a) & (0x0200u | ((a >> 13) & 0x3ffu));  // NaN, quiet, with its payload
  return static_cast<std::uint16_t>(r | ((u >> 16) & 0x8000u));
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr float bfloat16_to_float(std::uint16_t b) {
  return to_float(static_cast<std::uint32_t>(b) << 16);
}

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint16_t float_to_bfloat16(float x) {
  const std::uint32_t u = from_float(x);
  const std::uint32_t nan = less(0x7f800000u, u & 0x7fffffffu);
  const std::uint32_t rounded = (u + 0x7fffu + ((u >> 16) & 1u)) >> 16;
  return static_cast<std::uint16_t>(choose(nan, (u >> 16) | 0x40u, rounded));
}

}  // namespace half_bits

/// IEEE 754 binary16: 11 significant bits, largest value 65504, smallest 2^-24. Conversions round to nearest, ties to even.
struct half {
  std::uint16_t bits;

  half() = default;
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr explicit half(float x) : bits(encode(x)) {}
  /// Any other number, rounded through float as PyTorch does.
  template <class T>
    requires(std::is_arithmetic_v<T>)
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr explicit half(T x) : bits(encode(static_cast<float>(x))) {}

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static constexpr half from_bits(std::uint16_t pattern) {
    half h{};
    h.bits = pattern;
    return h;
  }

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr operator float() const {
#if TORCHLITE_DEVICE_PASS
    if (!__builtin_is_constant_evaluated()) return __half2float(__ushort_as_half(bits));
#endif
    return half_bits::half_to_float(bits);
  }

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr half& operator+=(float x) { return *this = half(float(*this) + x); }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr half& operator-=(float x) { return *this = half(float(*this) - x); }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr half& operator*=(float x) { return *this = half(float(*this) * x); }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr half& operator/=(float x) { return *this = half(float(*this) / x); }

 private:
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static constexpr std::uint16_t encode(float x) {
#if TORCHLITE_DEVICE_PASS
    if (!__builtin_is_constant_evaluated()) return __half_as_ushort(__float2half_rn(x));
#endif
    return half_bits::float_to_half(x);
  }
};

/// The upper half of a float: 8 significant bits, the range of float. Conversions round to nearest, ties to even.
struct bfloat16 {
  std::uint16_t bits;

  bfloat16() = default;
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr explicit bfloat16(float x) : bits(encode(x)) {}
  /// Any other number, rounded through float as PyTorch does.
  template <class T>
    requires(std::is_arithmetic_v<T>)
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr explicit bfloat16(T x) : bits(encode(static_cast<float>(x))) {}

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static constexpr bfloat16 from_bits(std::uint16_t pattern) {
    bfloat16 b{};
    b.bits = pattern;
    return b;
  }

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr operator float() const { return half_bits::bfloat16_to_float(bits); }

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bfloat16& operator+=(float x) { return *this = bfloat16(float(*this) + x); }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bfloat16& operator-=(float x) { return *this = bfloat16(float(*this) - x); }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bfloat16& operator*=(float x) { return *this = bfloat16(float(*this) * x); }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bfloat16& operator/=(float x) { return *this = bfloat16(float(*this) / x); }

 private:
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static constexpr std::uint16_t encode(float x) {
#if TORCHLITE_DEVICE_PASS
    if (!__builtin_is_constant_evaluated()) return __bfloat16_as_ushort(__float2bfloat16_rn(x));
#endif
    return half_bits::float_to_bfloat16(x);
  }
};

static_assert(sizeof(half) == 2 && std::is_trivially_copyable_v<half> && std::is_trivially_default_constructible_v<half>);
static_assert(sizeof(bfloat16) == 2 && std::is_trivially_copyable_v<bfloat16> && std::is_trivially_default_constructible_v<bfloat16>);

// What numeric_limits says of both types; Pattern gives the bit patterns.
template <class T, class Pattern>
struct ShortFloatLimits {
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false, is_exact = false;
  static constexpr bool has_infinity = true, has_quiet_NaN = true, has_signaling_NaN = true;
  static constexpr std::float_denorm_style has_denorm = std::denorm_present;
  static constexpr bool has_denorm_loss = false, is_iec559 = true, is_bounded = true, is_modulo = false;
  static constexpr bool traps = false, tinyness_before = false;
  static constexpr std::float_round_style round_style = std::round_to_nearest;
  static constexpr int radix = 2;
  TORCHLITE_HOST_DEVICE static constexpr T min() noexcept { return T::from_bits(Pattern::min); }
  TORCHLITE_HOST_DEVICE static constexpr T max() noexcept { return T::from_bits(Pattern::max); }
  TORCHLITE_HOST_DEVICE static constexpr T lowest() noexcept { return T::from_bits(Pattern::max | 0x8000); }
  TORCHLITE_HOST_DEVICE static constexpr T epsilon() noexcept { return T::from_bits(Pattern::epsilon); }
  TORCHLITE_HOST_DEVICE static constexpr T round_error() noexcept { return T::from_bits(Pattern::one_half); }
  TORCHLITE_HOST_DEVICE static constexpr T infinity() noexcept { return T::from_bits(Pattern::infinity); }
  TORCHLITE_HOST_DEVICE static constexpr T quiet_NaN() noexcept { return T::from_bits(Pattern::quiet_nan); }
  TORCHLITE_HOST_DEVICE static constexpr T signaling_NaN() noexcept { return T::from_bits(Pattern::signaling_nan); }
  TORCHLITE_HOST_DEVICE static constexpr T denorm_min() noexcept { return T::from_bits(1); }
};

struct HalfPattern {
  static constexpr std::uint16_t min = 0x0400, max = 0x7bff, epsilon = 0x1400, one_half = 0x3800, infinity = 0x7c00, quiet_nan = 0x7e00,
                                 signaling_nan = 0x7d00;
};

struct Bfloat16Pattern {
  static constexpr std::uint16_t min = 0x0080, max = 0x7f7f, epsilon = 0x3c00, one_half = 0x3f00, infinity = 0x7f80, quiet_nan = 0x7fc0,
                                 signaling_nan = 0x7fa0;
};

}  // namespace torchlite::inline TORCHLITE_ABI

template <>
struct std::numeric_limits<torchlite::half> : torchlite::ShortFloatLimits<torchlite::half, torchlite::HalfPattern> {
  static constexpr int digits = 11, digits10 = 3, max_digits10 = 5;
  static constexpr int min_exponent = -13, min_exponent10 = -4, max_exponent = 16, max_exponent10 = 4;
};

template <>
struct std::numeric_limits<torchlite::bfloat16> : torchlite::ShortFloatLimits<torchlite::bfloat16, torchlite::Bfloat16Pattern> {
  static constexpr int digits = 8, digits10 = 2, max_digits10 = 4;
  static constexpr int min_exponent = -125, min_exponent10 = -37, max_exponent = 128, max_exponent10 = 38;
};
