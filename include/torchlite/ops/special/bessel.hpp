// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/bessel.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

enum class BesselKind { j, y, i, scaled_i, k, scaled_k };

/// The Bessel function of a kind and of order n at x, elementwise; derivatives of the others lead here.
template <BesselKind Kind>
struct Bessel : Symbolic {
  static constexpr std::string_view name = "bessel";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T n, T x) {
    return static_cast<T>(of_order(static_cast<int>(n), static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T n, T x) {
    return {{T(0), slope(n, x)}};
  }
  TORCHLITE_HOST_DEVICE static double of_order(int n, double x) {
    switch (Kind) {
      case BesselKind::j: return math::bessel_j(n, x);
      case BesselKind::y: return math::bessel_y(n, x);
      case BesselKind::i: return math::bessel_i(n, x);
      case BesselKind::scaled_i: return math::bessel_i_scaled(n, x);
      case BesselKind::k: return math::bessel_k(n, x);
      default: return math::bessel_k_scaled(n, x);
    }
  }
  /// By the neighbours in order (Abramowitz and Stegun 9.1.27, 9.6.26).
  template <class T>
  TORCHLITE_HOST_DEVICE static T slope(const T& n, const T& x) {
    const T below = call<Bessel>(n - T(1), x), above = call<Bessel>(n + T(1), x);
    if constexpr (Kind == BesselKind::j || Kind == BesselKind::y) return T(0.5) * (below - above);
    else if constexpr (Kind == BesselKind::i) return T(0.5) * (below + above);
    else if constexpr (Kind == BesselKind::scaled_i) return T(0.5) * (below + above) - sign(x) * call<Bessel>(n, x);
    else if constexpr (Kind == BesselKind::k) return T(-0.5) * (below + above);
    else return call<Bessel>(n, x) - T(0.5) * (below + above);
  }
};

inline constexpr std::string_view bessel_names[] = {"bessel_j0",
                                                    "bessel_j1",
                                                    "bessel_y0",
                                                    "bessel_y1",
                                                    "i0",
                                                    "i1",
                                                    "i0e",
                                                    "i1e",
                                                    "modified_bessel_k0",
                                                    "modified_bessel_k1",
                                                    "scaled_modified_bessel_k0",
                                                    "scaled_modified_bessel_k1"};

/// The Bessel function of a kind and of order 0 or 1.
template <BesselKind Kind, int Order>
struct BesselOf : Symbolic {
  static constexpr std::string_view name = bessel_names[2 * static_cast<int>(Kind) + Order];
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return static_cast<T>(Bessel<Kind>::of_order(Order, static_cast<double>(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return Bessel<Kind>::slope(T(Order), x);
  }
};

using BesselJ0 = BesselOf<BesselKind::j, 0>;
using BesselJ1 = BesselOf<BesselKind::j, 1>;
using BesselY0 = BesselOf<BesselKind::y, 0>;
using BesselY1 = BesselOf<BesselKind::y, 1>;
using I0 = BesselOf<BesselKind::i, 0>;
using I1 = BesselOf<BesselKind::i, 1>;
using I0e = BesselOf<BesselKind::scaled_i, 0>;
using I1e = BesselOf<BesselKind::scaled_i, 1>;
using ModifiedBesselK0 = BesselOf<BesselKind::k, 0>;
using ModifiedBesselK1 = BesselOf<BesselKind::k, 1>;
using ScaledModifiedBesselK0 = BesselOf<BesselKind::scaled_k, 0>;
using ScaledModifiedBesselK1 = BesselOf<BesselKind::scaled_k, 1>;

}  // namespace pointwise

/// The modified Bessel function of the first kind of order 0, elementwise. 5 ulp.
inline constexpr Pointwise<pointwise::I0> i0{};

namespace special {
using torchlite::i0;
/// The modified Bessel function of the first kind of order 1, elementwise. 5 ulp.
inline constexpr Pointwise<pointwise::I1> i1{};
/// e^-|x| i0(x), elementwise. 5 ulp.
inline constexpr Pointwise<pointwise::I0e> i0e{};
/// e^-|x| i1(x), elementwise. 5 ulp.
inline constexpr Pointwise<pointwise::I1e> i1e{};
/// Bessel functions of the first kind, elementwise: the C library's, 4 ulp or 2e-16 beside the zeros.
inline constexpr Pointwise<pointwise::BesselJ0> bessel_j0{};
inline constexpr Pointwise<pointwise::BesselJ1> bessel_j1{};
/// Bessel functions of the second kind, elementwise: -inf at 0, NaN below; accuracy as bessel_j0's.
inline constexpr Pointwise<pointwise::BesselY0> bessel_y0{};
inline constexpr Pointwise<pointwise::BesselY1> bessel_y1{};
/// Modified Bessel functions of the first kind: i0 and i1.
inline constexpr Pointwise<pointwise::I0> modified_bessel_i0{};
inline constexpr Pointwise<pointwise::I1> modified_bessel_i1{};
/// Modified Bessel functions of the second kind, elementwise: inf at 0, NaN below. 5 ulp.
inline constexpr Pointwise<pointwise::ModifiedBesselK0> modified_bessel_k0{};
inline constexpr Pointwise<pointwise::ModifiedBesselK1> modified_bessel_k1{};
/// e^x modified_bessel_k0(x) and e^x modified_bessel_k1(x), elementwise. 4 ulp.
inline constexpr Pointwise<pointwise::ScaledModifiedBesselK0> scaled_modified_bessel_k0{};
inline constexpr Pointwise<pointwise::ScaledModifiedBesselK1> scaled_modified_bessel_k1{};
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
