// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// 0 for negative x, 1 for positive x, values where x is 0, elementwise.
struct Heaviside : Symbolic {
  static constexpr std::string_view name = "heaviside";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T values) {
    return select(x == T(0), values, select(x > T(0), T(1), T(0)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T) {
    return {{T(0), select(x == T(0), T(1), T(0))}};
  }
};
}  // namespace pointwise

/// The step function: 0 for negative x (and NaN), 1 for positive x, values where x is 0.
///   x [...], values [...] -> [...], broadcast, of one dtype
template <tensor_like X, tensor_like V>
auto heaviside(X&& x, V&& values) {
  static_assert(std::is_same_v<value_t<X>, value_t<V>>, "heaviside needs x and values of one dtype; cast one: values.to<float>()");
  return make_expression<pointwise::Heaviside>(std::forward<X>(x), std::forward<V>(values));
}

}  // namespace torchlite::inline TORCHLITE_ABI
