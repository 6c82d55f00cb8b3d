// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>
#include <torchlite/tensor/tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where x has no imaginary part: everywhere for real dtypes.
struct IsReal : Symbolic {
  static constexpr std::string_view name = "isreal";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T) {
    return true;
  }
};

/// The argument of x in radians, elementwise; of a real number it is 0, or pi below 0, or NaN; the gradient is 0.
struct Angle : Symbolic {
  static constexpr std::string_view name = "angle";
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return select(isnan(x), x, select(x < T(0), T(3.14159265358979323846), T(0)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(0);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::IsReal> isreal{};
inline constexpr Pointwise<pointwise::Angle> angle{};

/// The conjugate: x itself for real dtypes.
template <tensor_like X>
auto conj(X&& x) {
  return std::remove_cvref_t<X>(std::forward<X>(x));
}
template <tensor_like X>
auto conj_physical(X&& x) {
  return conj(std::forward<X>(x));
}
/// x with no conjugation or negation left to be done: x itself, since neither is put off here.
template <tensor_like X>
auto resolve_conj(X&& x) {
  return std::remove_cvref_t<X>(std::forward<X>(x));
}
template <tensor_like X>
auto resolve_neg(X&& x) {
  return std::remove_cvref_t<X>(std::forward<X>(x));
}
/// The real part: x itself for real dtypes.
template <tensor_like X>
auto real(X&& x) {
  return std::remove_cvref_t<X>(std::forward<X>(x));
}

}  // namespace torchlite::inline TORCHLITE_ABI
