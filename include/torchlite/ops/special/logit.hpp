// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/sigmoid.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// ln(x / (1 - x)), elementwise; NaN outside [0, 1].
struct Logit : Symbolic {
  static constexpr std::string_view name = "logit";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return log(x / (T(1) - x));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1) / (x * (T(1) - x));
  }
};

/// logit of x limited to [eps, 1 - eps], elementwise; the gradient outside is 0.
struct ClampedLogit : Symbolic {
  static constexpr std::string_view name = "logit";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T eps) {
    const T z = min(max(x, eps), T(1) - eps);
    return log(z / (T(1) - z));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T eps) {
    const T z = min(max(x, eps), T(1) - eps);
    return {{select(x < eps, T(0), select(x > T(1) - eps, T(0), T(1) / (z * (T(1) - z)))), T(0)}};
  }
};
}  // namespace pointwise

/// ln(x / (1 - x)), the inverse of sigmoid.
///   x [...] -> [...]; NaN outside [0, 1]
template <tensor_like X>
auto logit(X&& x) {
  return make_expression<pointwise::Logit>(std::forward<X>(x));
}
/// The same of x limited to [eps, 1 - eps].
template <tensor_like X>
auto logit(X&& x, double eps) {
  return make_expression<pointwise::ClampedLogit>(std::forward<X>(x), eps);
}

namespace special {
using torchlite::logit;
inline constexpr Pointwise<pointwise::Sigmoid> expit{};
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
