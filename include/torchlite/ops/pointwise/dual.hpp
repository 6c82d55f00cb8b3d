// SPDX-License-Identifier: BSD-3-Clause
// Numbers with a tangent: a formula evaluated on them gives its derivative along it. A user's own formulas are
// differentiated twice this way, so they may branch and compare as they like.
#pragma once
#include <torchlite/core/math.hpp>

#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI::dual {

/// v + t * epsilon, with epsilon^2 = 0.
template <class T>
struct Dual {
  T v{};
  T t{};

  Dual() = default;
  TORCHLITE_HOST_DEVICE constexpr Dual(T value, T tangent = T(0)) : v(value), t(tangent) {}
  template <class N>
    requires(std::is_arithmetic_v<N> && !std::is_same_v<N, T>)
  TORCHLITE_HOST_DEVICE constexpr Dual(N value) : v(static_cast<T>(value)), t(0) {}

  TORCHLITE_HOST_DEVICE friend constexpr Dual operator+(Dual a, Dual b) { return {a.v + b.v, a.t + b.t}; }
  TORCHLITE_HOST_DEVICE friend constexpr Dual operator-(Dual a, Dual b) { return {a.v - b.v, a.t - b.t}; }
  TORCHLITE_HOST_DEVICE friend constexpr Dual operator*(Dual a, Dual b) { return {a.v * b.v, a.t * b.v + a.v * b.t}; }
  TORCHLITE_HOST_DEVICE friend constexpr Dual operator/(Dual a, Dual b) { return {a.v / b.v, (a.t - a.v / b.v * b.t) / b.v}; }
  TORCHLITE_HOST_DEVICE friend constexpr Dual operator-(Dual a) { return {-a.v, -a.t}; }
  TORCHLITE_HOST_DEVICE friend constexpr Dual operator+(Dual a) { return a; }
  TORCHLITE_HOST_DEVICE constexpr Dual& operator+=(Dual b) { return *this = *this + b; }
  TORCHLITE_HOST_DEVICE constexpr Dual& operator-=(Dual b) { return *this = *this - b; }
  TORCHLITE_HOST_DEVICE constexpr Dual& operator*=(Dual b) { return *this = *this * b; }
  TORCHLITE_HOST_DEVICE constexpr Dual& operator/=(Dual b) { return *this = *this / b; }
  TORCHLITE_HOST_DEVICE friend constexpr bool operator==(Dual a, Dual b) { return a.v == b.v; }
  TORCHLITE_HOST_DEVICE friend constexpr bool operator!=(Dual a, Dual b) { return a.v != b.v; }
  TORCHLITE_HOST_DEVICE friend constexpr bool operator<(Dual a, Dual b) { return a.v < b.v; }
  TORCHLITE_HOST_DEVICE friend constexpr bool operator<=(Dual a, Dual b) { return a.v <= b.v; }
  TORCHLITE_HOST_DEVICE friend constexpr bool operator>(Dual a, Dual b) { return a.v > b.v; }
  TORCHLITE_HOST_DEVICE friend constexpr bool operator>=(Dual a, Dual b) { return a.v >= b.v; }

  // The mathematical functions, found by their argument; value and derivative.
  TORCHLITE_HOST_DEVICE friend Dual abs(Dual a) { return a.v < T(0) ? -a : a; }
  TORCHLITE_HOST_DEVICE friend Dual fabs(Dual a) { return abs(a); }
  TORCHLITE_HOST_DEVICE friend Dual sqrt(Dual a) {
    const T r = math::sqrt(a.v);
    return {r, a.t * T(0.5) / r};
  }
  TORCHLITE_HOST_DEVICE friend Dual rsqrt(Dual a) {
    const T r = math::rsqrt(a.v);
    return {r, a.t * T(-0.5) * r * r * r};
  }
  TORCHLITE_HOST_DEVICE friend Dual exp(Dual a) {
    const T e = math::exp(a.v);
    return {e, a.t * e};
  }
  TORCHLITE_HOST_DEVICE friend Dual exp2(Dual a) {
    const T e = math::exp2(a.v);
    return {e, a.t * e * T(0.69314718055994530942)};
  }
  TORCHLITE_HOST_DEVICE friend Dual expm1(Dual a) { return {math::expm1(a.v), a.t * math::exp(a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual log(Dual a) { return {math::log(a.v), a.t / a.v}; }
  TORCHLITE_HOST_DEVICE friend Dual log1p(Dual a) { return {math::log1p(a.v), a.t / (T(1) + a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual log2(Dual a) { return {math::log2(a.v), a.t / a.v * T(1.44269504088896340736)}; }
  TORCHLITE_HOST_DEVICE friend Dual log10(Dual a) { return {math::log10(a.v), a.t / a.v * T(0.43429448190325182765)}; }
  TORCHLITE_HOST_DEVICE friend Dual sin(Dual a) { return {math::sin(a.v), a.t * math::cos(a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual cos(Dual a) { return {math::cos(a.v), -a.t * math::sin(a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual tan(Dual a) {
    const T r = math::tan(a.v);
    return {r, a.t * (T(1) + r * r)};
  }
  TORCHLITE_HOST_DEVICE friend Dual asin(Dual a) { return {math::asin(a.v), a.t * math::rsqrt(T(1) - a.v * a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual acos(Dual a) { return {math::acos(a.v), -a.t * math::rsqrt(T(1) - a.v * a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual atan(Dual a) { return {math::atan(a.v), a.t / (T(1) + a.v * a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual atan2(Dual a, Dual b) {
    return {math::atan2(a.v, b.v), (a.t * b.v - a.v * b.t) / (a.v * a.v + b.v * b.v)};
  }
  TORCHLITE_HOST_DEVICE friend Dual sinh(Dual a) { return {math::sinh(a.v), a.t * math::cosh(a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual cosh(Dual a) { return {math::cosh(a.v), a.t * math::sinh(a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual tanh(Dual a) {
    const T r = math::tanh(a.v);
    return {r, a.t * (T(1) - r * r)};
  }
  TORCHLITE_HOST_DEVICE friend Dual sigmoid(Dual a) {
    const T r = math::sigmoid(a.v);
    return {r, a.t * r * (T(1) - r)};
  }
  TORCHLITE_HOST_DEVICE friend Dual erf(Dual a) { return {math::erf(a.v), a.t * T(1.12837916709551257390) * math::exp(-a.v * a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual erfc(Dual a) { return {math::erfc(a.v), -a.t * T(1.12837916709551257390) * math::exp(-a.v * a.v)}; }
  TORCHLITE_HOST_DEVICE friend Dual pow(Dual a, Dual b) {
    const T r = math::pow(a.v, b.v);
    const T by_base = b.v == T(0) ? T(0) : b.v * math::pow(a.v, b.v - T(1));
    const T by_exponent = b.t == T(0) ? T(0) : r * math::log(a.v);
    return {r, a.t * by_base + b.t * by_exponent};
  }
  TORCHLITE_HOST_DEVICE friend Dual hypot(Dual a, Dual b) {
    const T r = math::hypot(a.v, b.v);
    return {r, (a.v * a.t + b.v * b.t) / r};
  }
  TORCHLITE_HOST_DEVICE friend Dual max(Dual a, Dual b) { return a.v < b.v ? b : a; }
  TORCHLITE_HOST_DEVICE friend Dual min(Dual a, Dual b) { return b.v < a.v ? b : a; }
  TORCHLITE_HOST_DEVICE friend Dual fmax(Dual a, Dual b) { return a.v < b.v ? b : a; }
  TORCHLITE_HOST_DEVICE friend Dual fmin(Dual a, Dual b) { return b.v < a.v ? b : a; }
  TORCHLITE_HOST_DEVICE friend Dual floor(Dual a) { return {math::floor(a.v), T(0)}; }
  TORCHLITE_HOST_DEVICE friend Dual ceil(Dual a) { return {math::ceil(a.v), T(0)}; }
  TORCHLITE_HOST_DEVICE friend Dual round(Dual a) { return {math::round(a.v), T(0)}; }
  TORCHLITE_HOST_DEVICE friend Dual trunc(Dual a) { return {math::trunc(a.v), T(0)}; }
  TORCHLITE_HOST_DEVICE friend bool isnan(Dual a) { return math::isnan(a.v); }
  TORCHLITE_HOST_DEVICE friend bool isinf(Dual a) { return math::isinf(a.v); }
  TORCHLITE_HOST_DEVICE friend bool isfinite(Dual a) { return math::isfinite(a.v); }
  TORCHLITE_HOST_DEVICE friend Dual select(bool condition, Dual a, Dual b) { return condition ? a : b; }
};

}  // namespace torchlite::inline TORCHLITE_ABI::dual
