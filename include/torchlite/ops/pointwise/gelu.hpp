// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x * Phi(x), elementwise, Phi being the distribution function of the standard normal distribution.
/// Source: Hendrycks and Gimpel, 2016.
struct Gelu : Symbolic {
  static constexpr std::string_view name = "gelu";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return T(0.5) * x * (T(1) + erf(x * T(0.70710678118654752440)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(0.5) * (T(1) + erf(x * T(0.70710678118654752440))) + x * exp(T(-0.5) * x * x) * T(0.39894228040143267794);
  }
};

/// The approximation x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))), elementwise.
struct GeluTanh : Symbolic {
  static constexpr std::string_view name = "gelu";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return T(0.5) * x * (T(1) + tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    const T t = tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x));
    return T(0.5) * (T(1) + t) + T(0.5) * x * (T(1) - t * t) * T(0.79788456080286535588) * (T(1) + T(0.134145) * x * x);
  }
};

}  // namespace pointwise

/// The Gaussian error linear unit, exact.
template <tensor_like X>
auto gelu(X&& x) {
  return make_expression<pointwise::Gelu>(std::forward<X>(x));
}
/// The tanh approximation of gelu, which is a little faster.
template <tensor_like X>
auto gelu_tanh(X&& x) {
  return make_expression<pointwise::GeluTanh>(std::forward<X>(x));
}

}  // namespace torchlite::inline TORCHLITE_ABI
