// SPDX-License-Identifier: BSD-3-Clause
// The functions of complex numbers for devices, from those of real numbers. Branch cuts are C99's, on either side of which the sign of zero
// decides. Source of the inverse functions: Kahan, "Branch cuts for complex elementary functions", 1987.
#pragma once
#include <torchlite/core/math/complex.hpp>
#include <torchlite/core/math/hyperbolic.hpp>
#include <torchlite/core/math/trigonometric.hpp>

namespace torchlite::inline TORCHLITE_ABI::math {

template <class R>
TORCHLITE_HOST_DEVICE R angle(DeviceComplex<R> x) {
  return atan2(x.imag(), x.real());
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> exp(DeviceComplex<R> x) {
  const R r = exp(x.real());
  return {r * cos(x.imag()), x.imag() == R(0) ? x.imag() : r * sin(x.imag())};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> log(DeviceComplex<R> x) {
  return {log(abs(x)), angle(x)};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> sqrt(DeviceComplex<R> x) {
  if (x.real() == R(0) && x.imag() == R(0)) return {R(0), x.imag()};
  const R t = sqrt(R(0.5) * abs(x.real()) + R(0.5) * abs(x)), other = R(0.5) * x.imag() / t;
  return x.real() >= R(0) ? DeviceComplex<R>(t, other) : DeviceComplex<R>(abs(other), copysign(t, x.imag()));
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> sinh(DeviceComplex<R> x) {
  return {sinh(x.real()) * cos(x.imag()), cosh(x.real()) * sin(x.imag())};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> cosh(DeviceComplex<R> x) {
  return {cosh(x.real()) * cos(x.imag()), sinh(x.real()) * sin(x.imag())};
}
/// With t = tanh(re) and s = tan(im) it is (t + i s) / (1 + i t s), written so that neither overflows.
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> tanh(DeviceComplex<R> x) {
  const R t = tanh(x.real()), c = cos(x.imag()), s = sin(x.imag()), near = R(1) / cosh(min(abs(x.real()), R(40)));
  const R d = c * c + t * t * s * s;
  return {t / d, near * near * s * c / d};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> asin(DeviceComplex<R> x) {
  const DeviceComplex<R> a = sqrt(DeviceComplex<R>(R(1) - x.real(), -x.imag())), b = sqrt(DeviceComplex<R>(R(1) + x.real(), x.imag()));
  return {atan2(x.real(), a.real() * b.real() - a.imag() * b.imag()), asinh(a.real() * b.imag() - a.imag() * b.real())};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> acos(DeviceComplex<R> x) {
  const DeviceComplex<R> a = sqrt(DeviceComplex<R>(R(1) - x.real(), -x.imag())), b = sqrt(DeviceComplex<R>(R(1) + x.real(), x.imag()));
  return {R(2) * atan2(a.real(), b.real()), asinh(b.real() * a.imag() - b.imag() * a.real())};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> acosh(DeviceComplex<R> x) {
  const DeviceComplex<R> a = sqrt(DeviceComplex<R>(x.real() - R(1), x.imag())), b = sqrt(DeviceComplex<R>(x.real() + R(1), x.imag()));
  return {asinh(a.real() * b.real() + a.imag() * b.imag()), R(2) * atan2(a.imag(), b.real())};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> atanh(DeviceComplex<R> x) {
  const R re = x.real(), im = x.imag(), apart = R(1) - re;
  return {R(0.25) * log1p(R(4) * re / (apart * apart + im * im)), R(0.5) * atan2(R(2) * im, apart * (R(1) + re) - im * im)};
}
// clang-format off
/// -i f(i x) of a hyperbolic f is the circular function, and the other way round.
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> minus_i(DeviceComplex<R> x) { return {x.imag(), -x.real()}; }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> sin(DeviceComplex<R> x) { return minus_i(sinh(times_i(x))); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> cos(DeviceComplex<R> x) { return cosh(times_i(x)); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> tan(DeviceComplex<R> x) { return minus_i(tanh(times_i(x))); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> asinh(DeviceComplex<R> x) { return minus_i(asin(times_i(x))); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> atan(DeviceComplex<R> x) { return minus_i(atanh(times_i(x))); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> rsqrt(DeviceComplex<R> x) { return DeviceComplex<R>(1) / sqrt(x); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> exp2(DeviceComplex<R> x) { return exp(x * R(0.69314718055994530942)); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> log2(DeviceComplex<R> x) { return log(x) / R(0.69314718055994530942); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> log10(DeviceComplex<R> x) { return log(x) / R(2.30258509299404568402); }
template <class R> TORCHLITE_HOST_DEVICE DeviceComplex<R> sigmoid(DeviceComplex<R> x) { return DeviceComplex<R>(1) / (DeviceComplex<R>(1) + exp(-x)); }
// clang-format on
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> expm1(DeviceComplex<R> x) {
  const R half = sin(x.imag() / R(2)), grown = exp(x.real());
  return {expm1(x.real()) - R(2) * grown * half * half, grown * sin(x.imag())};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> log1p(DeviceComplex<R> x) {
  const R re = x.real(), im = x.imag();
  const bool near = abs(re) + abs(im) < R(0.5);
  return {near ? log1p(re * (R(2) + re) + im * im) / R(2) : log(hypot(R(1) + re, im)), atan2(im, R(1) + re)};
}
template <class R>
TORCHLITE_HOST_DEVICE DeviceComplex<R> pow(DeviceComplex<R> x, DeviceComplex<R> y) {
  using C = DeviceComplex<R>;
  if (y == C(0)) return C(1);
  if (y == C(1)) return x;
  if (y == C(2)) return x * x;
  if (x == C(0)) return y.real() > R(0) ? C(0) : C(1) / C(0);
  return exp(y * log(x));
}

}  // namespace torchlite::inline TORCHLITE_ABI::math
