// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <complex>
#include <concepts>

namespace torchlite::inline TORCHLITE_ABI::math {

/// A complex number whose arithmetic compiles for a device, which std::complex's does not. It lies in memory as a std::complex does;
/// programs see only the latter, kernels on devices put this in its place.
template <class R>
class DeviceComplex {
 public:
  using value_type = R;

  DeviceComplex() = default;
  TORCHLITE_HOST_DEVICE constexpr DeviceComplex(R re, R im = R(0))
      : re_(re), im_(im) {}  // NOLINT(google-explicit-constructor): as a real number
  template <class S>
    requires(!std::same_as<S, R>)
  TORCHLITE_HOST_DEVICE constexpr explicit DeviceComplex(DeviceComplex<S> x)
      : re_(static_cast<R>(x.real())), im_(static_cast<R>(x.imag())) {}
  DeviceComplex(std::complex<R> x) : re_(x.real()), im_(x.imag()) {}  // NOLINT(google-explicit-constructor): the same number
  operator std::complex<R>() const { return {re_, im_}; }             // NOLINT(google-explicit-constructor)

  TORCHLITE_HOST_DEVICE constexpr R real() const { return re_; }
  TORCHLITE_HOST_DEVICE constexpr R imag() const { return im_; }

  TORCHLITE_HOST_DEVICE friend constexpr DeviceComplex operator-(DeviceComplex a) { return {-a.re_, -a.im_}; }
  TORCHLITE_HOST_DEVICE friend constexpr DeviceComplex operator+(DeviceComplex a, DeviceComplex b) {
    return {a.re_ + b.re_, a.im_ + b.im_};
  }
  TORCHLITE_HOST_DEVICE friend constexpr DeviceComplex operator-(DeviceComplex a, DeviceComplex b) {
    return {a.re_ - b.re_, a.im_ - b.im_};
  }
  TORCHLITE_HOST_DEVICE friend constexpr DeviceComplex operator*(DeviceComplex a, DeviceComplex b) {
    return {a.re_ * b.re_ - a.im_ * b.im_, a.re_ * b.im_ + a.im_ * b.re_};
  }
  /// Scaled by the larger part of b, whose square may overflow. Source: Smith, "Algorithm 116: Complex division", CACM 1962.
  TORCHLITE_HOST_DEVICE friend constexpr DeviceComplex operator/(DeviceComplex a, DeviceComplex b) {
    if (b.im_ == R(0)) return a / b.re_;
    const R re = b.re_ < R(0) ? -b.re_ : b.re_, im = b.im_ < R(0) ? -b.im_ : b.im_;
    if (re >= im) {
      const R ratio = b.im_ / b.re_, d = b.re_ + b.im_ * ratio;
      return {(a.re_ + a.im_ * ratio) / d, (a.im_ - a.re_ * ratio) / d};
    }
    const R ratio = b.re_ / b.im_, d = b.re_ * ratio + b.im_;
    return {(a.re_ * ratio + a.im_) / d, (a.im_ * ratio - a.re_) / d};
  }
  TORCHLITE_HOST_DEVICE friend constexpr DeviceComplex operator*(DeviceComplex a, R b) { return {a.re_ * b, a.im_ * b}; }
  TORCHLITE_HOST_DEVICE friend constexpr DeviceComplex operator*(R a, DeviceComplex b) { return b * a; }
  TORCHLITE_HOST_DEVICE friend constexpr DeviceComplex operator/(DeviceComplex a, R b) { return {a.re_ / b, a.im_ / b}; }
  TORCHLITE_HOST_DEVICE constexpr DeviceComplex& operator+=(DeviceComplex b) { return *this = *this + b; }
  TORCHLITE_HOST_DEVICE constexpr DeviceComplex& operator-=(DeviceComplex b) { return *this = *this - b; }
  TORCHLITE_HOST_DEVICE constexpr DeviceComplex& operator*=(DeviceComplex b) { return *this = *this * b; }
  TORCHLITE_HOST_DEVICE constexpr DeviceComplex& operator/=(DeviceComplex b) { return *this = *this / b; }
  TORCHLITE_HOST_DEVICE friend constexpr bool operator==(DeviceComplex a, DeviceComplex b) { return a.re_ == b.re_ && a.im_ == b.im_; }

 private:
  R re_, im_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::math
