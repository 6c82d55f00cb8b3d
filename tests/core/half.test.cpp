// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/core/half.hpp>

#include <cmath>
#include <cstring>
#include <limits>

namespace tl = torchlite;

namespace {

// The value of a pattern by the definition of the format: nothing of the code under test.
double decode(unsigned pattern, int mantissa_bits, int exponent_bits) {
  const unsigned fraction = pattern & ((1u << mantissa_bits) - 1), exponent = (pattern >> mantissa_bits) & ((1u << exponent_bits) - 1);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  double v;
  if (exponent == (1u << exponent_bits) - 1) v = fraction != 0 ? std::nan("") : std::numeric_limits<double>::infinity();
  else if (exponent == 0) v = std::ldexp(double(fraction), 1 - bias - mantissa_bits);
  else v = std::ldexp(double(fraction | (1u << mantissa_bits)), int(exponent) - bias - mantissa_bits);
  return (pattern & 0x8000u) != 0 ? -v : v;
}

float next(float x) { return std::nextafter(x, std::numeric_limits<float>::infinity()); }
float previous(float x) { return std::nextafter(x, -std::numeric_limits<float>::infinity()); }

// Every pattern decodes right, comes back unchanged, and the points half-way to its neighbour round to the even one.
template <class T>
int mistakes(int mantissa_bits, int exponent_bits) {
  int wrong = 0;
  const unsigned infinity = ((1u << exponent_bits) - 1) << mantissa_bits;
  for (unsigned p = 0; p < 0x10000u; ++p) {
    const T h = T::from_bits(static_cast<std::uint16_t>(p));
    const double expected = decode(p, mantissa_bits, exponent_bits);
    const float got = h;
    if (std::isnan(expected)) {
      wrong += !std::isnan(got) || !std::isnan(float(T(got)));
      continue;
    }
    wrong += double(got) != expected || std::signbit(got) != std::signbit(expected) || T(got).bits != p;
    if ((p & 0x7fffu) + 1 >= infinity || (p & 0x8000u) != 0) continue;
    const float middle = static_cast<float>(0.5 * (expected + decode(p + 1, mantissa_bits, exponent_bits)));
    wrong += T(middle).bits != ((p & 1u) != 0 ? p + 1 : p);
    wrong += T(next(middle)).bits != p + 1;
    wrong += T(previous(middle)).bits != p;
    wrong += T(-middle).bits != (((p & 1u) != 0 ? p + 1 : p) | 0x8000u);
  }
  return wrong;
}

}  // namespace

TEST_CASE("every half decodes exactly, comes back, and ties round to even", "[core][half]") { CHECK(mistakes<tl::half>(10, 5) == 0); }

TEST_CASE("every bfloat16 decodes exactly, comes back, and ties round to even", "[core][half]") {
  CHECK(mistakes<tl::bfloat16>(7, 8) == 0);
}

TEST_CASE("half overflows from 65520 and underflows to zero at 2^-25", "[core][half]") {
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(float(tl::half(65519.996f)) == 65504.0f);
  CHECK(float(tl::half(65520.0f)) == infinity);
  CHECK(float(tl::half(-1e30f)) == -infinity);
  CHECK(float(tl::half(infinity)) == infinity);
  CHECK(tl::half(0x1p-25f).bits == 0);
  CHECK(tl::half(0x1.000002p-25f).bits == 1);
  CHECK(tl::half(-1e-30f).bits == 0x8000);
  CHECK(float(tl::half(2049)) == 2048.0f);
  CHECK(float(tl::half(0.1)) == Approx(0.0999755859375).epsilon(1e-9));
}

TEST_CASE("bfloat16 overflows to infinity and keeps NaN whatever its payload", "[core][half]") {
  CHECK(tl::bfloat16(std::numeric_limits<float>::max()).bits == 0x7f80);
  CHECK(float(tl::bfloat16(1.00390625f)) == 1.0f);
  CHECK(float(tl::bfloat16(1.01171875f)) == 1.015625f);
  const float low_payload = __builtin_bit_cast(float, 0x7f800001u), full = __builtin_bit_cast(float, 0xffffffffu);
  CHECK(std::isnan(float(tl::bfloat16(low_payload))));
  CHECK(std::isnan(float(tl::bfloat16(full))));
  CHECK(std::isnan(float(tl::half(low_payload))));
  CHECK(std::isnan(float(tl::half(full))));
}

TEST_CASE("arithmetic on half happens in float and comes back only when asked", "[core][half]") {
  const tl::half a(1.5f), b(2.25f);
  STATIC_REQUIRE(std::is_same_v<decltype(a + b), float>);
  CHECK_FALSE(std::is_convertible_v<float, tl::half>);
  tl::half sum(0.0f);
  sum += a * b;
  CHECK(float(sum) == 3.375f);
  constexpr tl::bfloat16 c(3);
  STATIC_REQUIRE(float(c) == 3.0f);
}

TEST_CASE("the limits of half and bfloat16 are those of the formats", "[core][half]") {
  using H = std::numeric_limits<tl::half>;
  using B = std::numeric_limits<tl::bfloat16>;
  CHECK(float(H::max()) == 65504.0f);
  CHECK(float(H::lowest()) == -65504.0f);
  CHECK(float(H::min()) == 0x1p-14f);
  CHECK(float(H::denorm_min()) == 0x1p-24f);
  CHECK(float(H::epsilon()) == 0x1p-10f);
  CHECK(float(B::max()) == 0x1.fep127f);
  CHECK(float(B::min()) == 0x1p-126f);
  CHECK(float(B::epsilon()) == 0x1p-7f);
  CHECK(std::isinf(float(H::infinity())));
  CHECK(std::isnan(float(B::quiet_NaN())));
  CHECK(H::is_specialized);
}
