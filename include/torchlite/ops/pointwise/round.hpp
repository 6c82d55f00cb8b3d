// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The nearest integer to x, halves to the even one, elementwise; the gradient is 0.
struct Round : Symbolic {
  static constexpr std::string_view name = "round";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return round(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(0);
  }
};

/// x / unit rounded, times unit; or x * unit rounded, over unit, if inverse is not 0.
struct RoundTo : Symbolic {
  static constexpr std::string_view name = "round";
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T unit, T inverse) {
    return select(inverse != T(0), round(x * unit) / unit, round(x / unit) * unit);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T, T, T) {
    return {{T(0), T(0), T(0)}};
  }
};
}  // namespace pointwise

namespace ops {
/// round(x), and round(x, decimals): to that many decimal places, to tens, hundreds ... if decimals is negative.
struct RoundFunction : Pointwise<pointwise::Round> {
  using Pointwise::operator();
  template <tensor_like X>
  constexpr auto operator()(X&& x, int decimals) const {
    static_assert(floating<value_t<X>>, "round to decimals needs a floating dtype; cast first: x.to<double>()");
    double unit = 1;
    for (int i = decimals < 0 ? -decimals : decimals; i > 0; --i) unit *= 10;
    return make_expression<pointwise::RoundTo>(std::forward<X>(x), unit, decimals > 0 ? 1 : 0);
  }
};
}  // namespace ops

inline constexpr ops::RoundFunction round{};

}  // namespace torchlite::inline TORCHLITE_ABI
