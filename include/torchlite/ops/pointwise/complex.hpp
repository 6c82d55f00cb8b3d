// SPDX-License-Identifier: BSD-3-Clause
// Complex numbers from real ones, and what is asked of them: complex, polar, angle, isreal, casts.
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// re + i im, elementwise, broadcast.
struct Complex : Symbolic {
  static constexpr std::string_view name = "complex";
  static constexpr Result result = Result::complex;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T re, T im) {
    return T(re.real(), im.real());
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T, T) {
    return {{T(1), times_i(T(1))}};
  }
};

/// length * e^(i angle), elementwise, broadcast.
struct Polar : Symbolic {
  static constexpr std::string_view name = "polar";
  static constexpr Result result = Result::complex;
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T length, T direction) {
    return T(length.real() * cos(direction.real()), length.real() * sin(direction.real()));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T length, T direction) {
    const T e = exp(times_i(direction));
    return {{e, length * times_i(e)}};
  }
};

/// The angle with the positive real axis, elementwise: atan2(im, re), and for real numbers 0 or pi.
struct Angle : Symbolic {
  static constexpr std::string_view name = "angle";
  static constexpr Result result = Result::real;
  template <class T>
  TORCHLITE_HOST_DEVICE static auto value(T x) {
    return angle(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    if constexpr (is_complex_valued<T>) return select(x == T(0), T(0), -times_i(T(1) / x));
    else return T(0);
  }
};

/// True where the imaginary part is 0.
struct IsReal : Symbolic {
  static constexpr std::string_view name = "isreal";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T x) {
    if constexpr (complex_number<T>) return x.imag() == 0;
    else return true;
  }
};
}  // namespace pointwise

/// re + i im, elementwise, broadcast; complex128 if either is double.
inline constexpr Pointwise<pointwise::Complex> complex{};
/// length * (cos angle + i sin angle), elementwise, broadcast.
inline constexpr Pointwise<pointwise::Polar> polar{};
inline constexpr Pointwise<pointwise::IsReal> isreal{};

/// The angle of every element with the positive real axis, in (-pi, pi]; 0 or pi for real numbers, float for integers.
template <tensor_like X>
auto angle(X&& x) {
  if constexpr (differentiable<value_t<X>>) return make_expression<pointwise::Angle>(std::forward<X>(x));
  else return make_expression<pointwise::Angle>(make_expression<Cast<float>>(std::forward<X>(x)));
}
/// True if the dtype is complex.
template <tensor_like X>
constexpr bool is_complex(const X&) {
  return complex_number<value_t<X>>;
}
/// x as complex64 and as complex128.
template <tensor_like X>
auto cfloat(X&& x) {
  return make_expression<Cast<std::complex<float>>>(std::forward<X>(x));
}
template <tensor_like X>
auto cdouble(X&& x) {
  return make_expression<Cast<std::complex<double>>>(std::forward<X>(x));
}

}  // namespace torchlite::inline TORCHLITE_ABI
