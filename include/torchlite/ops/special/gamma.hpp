// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/zeta.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The n-th derivative of digamma at x, elementwise. 4 ulp for positive x.
struct Polygamma : Symbolic {
  static constexpr std::string_view name = "polygamma";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T n, T x) {
    return static_cast<T>(math::polygamma(static_cast<int>(n), static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T n, T x) {
    return {{T(0), call<Polygamma>(n + T(1), x)}};
  }
};

/// gamma'(x) / gamma(x), elementwise; -inf at 0, NaN at the negative integers. 4 ulp, or 1e-15 beside the zeros.
struct Digamma : Symbolic {
  static constexpr std::string_view name = "digamma";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return math::digamma(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return call<Polygamma>(T(1), x);
  }
};

/// ln |gamma(x)|, elementwise; inf at 0 and the negative integers. 2 ulp.
struct Lgamma : Symbolic {
  static constexpr std::string_view name = "lgamma";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return math::lgamma(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return call<Digamma>(x);
  }
};

/// The derivative of order n + 1 of ln of the p-dimensional gamma function, elementwise.
struct Mvlgamma : Symbolic {
  static constexpr std::string_view name = "mvlgamma";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T p, T n) {
    return static_cast<T>(math::multigamma(static_cast<double>(x), static_cast<int>(p), static_cast<int>(n)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T x, T p, T n) {
    return {{call<Mvlgamma>(x, p, n + T(1)), T(0), T(0)}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Lgamma> lgamma{};
inline constexpr Pointwise<pointwise::Digamma> digamma{};

/// The n-th derivative of digamma at x; n is 0 or more.
///   x [...] -> [...]
/// Throws Error if n is negative.
template <tensor_like X>
auto polygamma(std::int64_t n, X&& x) {
  check<Error>(n >= 0, "polygamma: n is {}; the order of a derivative must not be negative", n);
  return make_expression<pointwise::Polygamma>(static_cast<double>(n), std::forward<X>(x));
}

/// ln of the p-dimensional gamma function: p (p - 1) / 4 ln(pi) + the sum over i < p of lgamma(x - i / 2).
///   x [...] -> [...]; finite for x > (p - 1) / 2
/// Throws Error if p is less than 1.
template <tensor_like X>
auto mvlgamma(X&& x, std::int64_t p) {
  check<Error>(p >= 1, "mvlgamma: p is {}; the dimension must be at least 1", p);
  return make_expression<pointwise::Mvlgamma>(std::forward<X>(x), static_cast<double>(p), -1.0);
}

namespace special {
using torchlite::digamma, torchlite::polygamma;
inline constexpr Pointwise<pointwise::Lgamma> gammaln{};
inline constexpr Pointwise<pointwise::Digamma> psi{};
template <tensor_like X>
auto multigammaln(X&& x, std::int64_t p) {
  return mvlgamma(std::forward<X>(x), p);
}
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
