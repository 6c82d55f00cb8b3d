// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/incomplete_gamma.hpp>
#include <torchlite/ops/special/gamma.hpp>
#include <torchlite/ops/special/refuse_gradient.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// P(a, x), the regularised lower incomplete gamma function, elementwise; relative error 1e-13.
struct Igamma : Symbolic {
  static constexpr std::string_view name = "igamma";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T x) {
    return static_cast<T>(math::igamma(static_cast<double>(a), static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T x) {
    return {{T(0), exp((a - T(1)) * log(x) - x - call<Lgamma>(a))}};
  }
};

/// Q(a, x) = 1 - P(a, x), accurate where it is small, elementwise; relative error 1e-13.
struct Igammac : Symbolic {
  static constexpr std::string_view name = "igammac";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T x) {
    return static_cast<T>(math::igammac(static_cast<double>(a), static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T x) {
    return {{T(0), -exp((a - T(1)) * log(x) - x - call<Lgamma>(a))}};
  }
};
}  // namespace pointwise

/// The regularised lower incomplete gamma function: the integral of t^(a - 1) e^-t from 0 to x over gamma(a). Differentiable in x.
///   a [...], x [...] -> [...], broadcast; NaN where one is negative
/// Throws Error if a requires grad.
template <operand A, operand X>
  requires(tensor_like<A> || tensor_like<X>)
auto igamma(A&& a, X&& x) {
  ops::refuse_gradient("igamma", "a", a);
  return make_expression<pointwise::Igamma>(std::forward<A>(a), std::forward<X>(x));
}
/// The regularised upper incomplete gamma function, 1 - igamma(a, x), accurate where it is small.
template <operand A, operand X>
  requires(tensor_like<A> || tensor_like<X>)
auto igammac(A&& a, X&& x) {
  ops::refuse_gradient("igammac", "a", a);
  return make_expression<pointwise::Igammac>(std::forward<A>(a), std::forward<X>(x));
}

namespace special {
template <operand A, operand X>
auto gammainc(A&& a, X&& x) {
  return igamma(std::forward<A>(a), std::forward<X>(x));
}
template <operand A, operand X>
auto gammaincc(A&& a, X&& x) {
  return igammac(std::forward<A>(a), std::forward<X>(x));
}
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
