// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/formula.hpp>
#include <torchlite/ops/pointwise/dual.hpp>

#include <utility>

namespace torchlite::inline TORCHLITE_ABI::symbolic {

/// How often an operation has been differentiated already.
template <class Op>
inline constexpr int order_of = 0;

/// The derivative of Op, which has N operands, with respect to operand K, as an operation of its own.
template <class Op, int N, int K>
struct DerivativeOf {
  template <class... T>
  TORCHLITE_HOST_DEVICE static auto value(T... x) {
    return backend::partials<Op, First<T...>>(Op::value(x...), x...).d[K];
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) requires(N == 1) {
    return tangent<0>(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static backend::Partials<T, 2> derivative(T a, T b) requires(N == 2) {
    return {{tangent<0>(a, b), tangent<1>(a, b)}};
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static backend::Partials<T, 3> derivative(T a, T b, T c) requires(N == 3) {
    return {{tangent<0>(a, b, c), tangent<1>(a, b, c), tangent<2>(a, b, c)}};
  }

 private:
  template <class T, class...>
  struct FirstType {
    using type = T;
  };
  template <class... T>
  using First = typename FirstType<T...>::type;

  template <int J, class... T>
  TORCHLITE_HOST_DEVICE static First<T...> tangent(T... x) {
    return seeded<J>(std::index_sequence_for<T...>{}, x...);
  }
  template <int J, std::size_t... I, class... T>
  TORCHLITE_HOST_DEVICE static First<T...> seeded(std::index_sequence<I...>, T... x) {
    using Number = First<T...>;
    return value(dual::Dual<Number>(x, static_cast<int>(I) == J ? Number(1) : Number(0))...).t;
  }
};
template <class Op, int N, int K>
inline constexpr int order_of<DerivativeOf<Op, N, K>> = order_of<Op> + 1;

}  // namespace torchlite::inline TORCHLITE_ABI::symbolic
