// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/zeta.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>
#include <torchlite/ops/special/refuse_gradient.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Hurwitz' zeta function, the sum of (q + k)^-s over k = 0, 1, ..., elementwise; 1e-15 relative for positive q.
struct Zeta : Symbolic {
  static constexpr std::string_view name = "zeta";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T s, T q) {
    return static_cast<T>(math::zeta(static_cast<double>(s), static_cast<double>(q)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T s, T q) {
    return {{T(0), -s * call<Zeta>(s + T(1), q)}};
  }
};
}  // namespace pointwise

namespace special {
/// Hurwitz' zeta function: the sum of (q + k)^-x over k = 0, 1, ...; Riemann's for q = 1. Differentiable in q.
///   x [...], q [...] -> [...], broadcast; inf at x = 1, NaN below
/// Throws Error if x requires grad.
template <operand X, operand Q>
  requires(tensor_like<X> || tensor_like<Q>)
auto zeta(X&& x, Q&& q) {
  ops::refuse_gradient("zeta", "x", x);
  return make_expression<pointwise::Zeta>(std::forward<X>(x), std::forward<Q>(q));
}
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
