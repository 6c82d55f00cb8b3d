// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

#include <limits>
#include <optional>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x, or a number where it is NaN; the gradient is 0 there.
struct ReplaceNan : Symbolic {
  static constexpr std::string_view name = "nan_to_num";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T nan) {
    return select(isnan(x), nan, x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T) {
    return {{select(isnan(x), T(0), T(1)), T(0)}};
  }
};

/// x, or one of two numbers where it is infinite; the gradient is 0 there.
struct ReplaceInfinite : Symbolic {
  static constexpr std::string_view name = "nan_to_num";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T above, T below) {
    return select(isinf(x), select(x > T(0), above, below), x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T x, T, T) {
    return {{select(isinf(x), T(0), T(1)), T(0), T(0)}};
  }
};
}  // namespace pointwise

/// x with NaN replaced by nan, inf by posinf and -inf by neginf, the largest and the lowest number of the dtype if not given.
///   x [...] -> [...]; integers are left as they are
template <tensor_like X>
auto nan_to_num(X&& x, double nan = 0.0, std::optional<double> posinf = std::nullopt, std::optional<double> neginf = std::nullopt) {
  using T = value_t<X>;
  if constexpr (!floating<T>) {
    return std::remove_cvref_t<X>(std::forward<X>(x));
  } else {
    const double above = posinf.value_or(static_cast<double>(std::numeric_limits<T>::max()));
    const double below = neginf.value_or(static_cast<double>(std::numeric_limits<T>::lowest()));
    return make_expression<pointwise::ReplaceNan>(make_expression<pointwise::ReplaceInfinite>(std::forward<X>(x), above, below), nan);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI
