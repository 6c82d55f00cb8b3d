// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// 2^-e, e being the binary exponent of x; the slope of the mantissa.
struct FrexpScale : Symbolic {
  static constexpr std::string_view name = "frexp";
  static constexpr Result result = Result::same;
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    int e = 0;
    static_cast<void>(__builtin_frexp(static_cast<double>(x), &e));
    return static_cast<T>(__builtin_ldexp(1.0, isfinite(x) ? -e : 0));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(0);
  }
};

/// x divided by a power of 2 so that it lies in [0.5, 1) but for its sign, elementwise; 0, NaN and infinities stay.
struct FrexpMantissa : Symbolic {
  static constexpr std::string_view name = "frexp";
  static constexpr Result result = Result::same;
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    int e;
    return isfinite(x) ? static_cast<T>(__builtin_frexp(static_cast<double>(x), &e)) : x;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return call<FrexpScale>(x);
  }
};

/// The exponent of that power of 2; 0 where x is 0, infinite or NaN.
struct FrexpExponent {
  static constexpr std::string_view name = "frexp";
  static constexpr Result result = Result::same;
  static constexpr bool heavy = true;
  using result_type = std::int32_t;
  template <class T>
  TORCHLITE_HOST_DEVICE static std::int32_t value(T x) {
    int e = 0;
    static_cast<void>(__builtin_frexp(static_cast<double>(x), &e));
    return isfinite(x) ? e : 0;
  }
};
}  // namespace pointwise

template <class T, class D>
struct FrexpResult {
  Tensor<T, D> mantissa;
  Tensor<std::int32_t, D> exponent;
};

/// x = mantissa * 2^exponent with the mantissa in [0.5, 1) but for its sign: auto [mantissa, exponent] = frexp(x).
///   x [...] -> mantissa [...], exponent [...] int32
template <tensor_like X>
FrexpResult<value_t<X>, device_t<X>> frexp(const X& x_, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "frexp needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  return {materialize(make_expression<pointwise::FrexpMantissa>(x), site), materialize(make_expression<pointwise::FrexpExponent>(x), site)};
}

}  // namespace torchlite::inline TORCHLITE_ABI
