// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/orthogonal_polynomial.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

inline constexpr std::string_view polynomial_names[] = {"chebyshev_polynomial_t", "chebyshev_polynomial_u", "chebyshev_polynomial_v",
                                                        "chebyshev_polynomial_w", "hermite_polynomial_h",   "hermite_polynomial_he",
                                                        "laguerre_polynomial_l",  "legendre_polynomial_p"};

/// The k-th derivative at x of the polynomial of degree n of a family, elementwise; of 2 x - 1 in place of x if shifted.
template <math::PolynomialFamily Family, bool Shifted = false>
struct Polynomial : Symbolic {
  static constexpr std::string_view name = Shifted ? "shifted_chebyshev_polynomial" : polynomial_names[static_cast<int>(Family)];
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T n, T k) {
    const double at = static_cast<double>(x);
    return static_cast<T>(math::orthogonal_polynomial(Family, Shifted ? 2.0 * at - 1.0 : at, static_cast<double>(n), static_cast<int>(k)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T x, T n, T k) {
    return {{T(Shifted ? 2 : 1) * call<Polynomial>(x, n, k + T(1)), T(0), T(0)}};
  }
};
}  // namespace pointwise

namespace ops {
/// The function of a family: x and degrees n, which are cut to whole numbers, broadcast; 0 where n is negative. Differentiable
/// in x up to the 15th order. The error grows with the degree: about n ulp of the largest value nearby.
template <math::PolynomialFamily Family, bool Shifted = false>
struct PolynomialFunction {
  template <operand X, operand N>
    requires(tensor_like<X> || tensor_like<N>)
  constexpr auto operator()(X&& x, N&& n) const {
    return make_expression<pointwise::Polynomial<Family, Shifted>>(std::forward<X>(x), std::forward<N>(n), 0);
  }
};
}  // namespace ops

namespace special {
/// The Chebyshev polynomial of the first kind of degree n at x, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::chebyshev_t> chebyshev_polynomial_t{};
/// The Chebyshev polynomial of the second kind of degree n at x, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::chebyshev_u> chebyshev_polynomial_u{};
/// The Chebyshev polynomial of the third kind of degree n at x, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::chebyshev_v> chebyshev_polynomial_v{};
/// The Chebyshev polynomial of the fourth kind of degree n at x, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::chebyshev_w> chebyshev_polynomial_w{};
/// The physicist's Hermite polynomial of degree n at x, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::hermite_h> hermite_polynomial_h{};
/// The probabilist's Hermite polynomial of degree n at x, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::hermite_he> hermite_polynomial_he{};
/// The Laguerre polynomial of degree n at x, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::laguerre_l> laguerre_polynomial_l{};
/// The Legendre polynomial of degree n at x, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::legendre_p> legendre_polynomial_p{};
/// The Chebyshev polynomial of the first kind of degree n at 2 x - 1, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::chebyshev_t, true> shifted_chebyshev_polynomial_t{};
/// The Chebyshev polynomial of the second kind of degree n at 2 x - 1, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::chebyshev_u, true> shifted_chebyshev_polynomial_u{};
/// The Chebyshev polynomial of the third kind of degree n at 2 x - 1, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::chebyshev_v, true> shifted_chebyshev_polynomial_v{};
/// The Chebyshev polynomial of the fourth kind of degree n at 2 x - 1, elementwise.
inline constexpr ops::PolynomialFunction<math::PolynomialFamily::chebyshev_w, true> shifted_chebyshev_polynomial_w{};
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
