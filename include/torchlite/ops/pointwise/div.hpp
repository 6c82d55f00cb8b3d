// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/floor.hpp>
#include <torchlite/ops/pointwise/floor_divide.hpp>
#include <torchlite/ops/pointwise/trunc.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a / b, elementwise, broadcast; true division: integers give float.
struct Div : Symbolic {
  static constexpr std::string_view name = "div";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return a / b;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{T(1) / b, -(a / b) / b}};
  }
};

/// a / b rounded towards zero, elementwise, broadcast; integers stay integers.
struct DivTrunc : Symbolic {
  static constexpr std::string_view name = "div";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    if constexpr (std::is_integral_v<T>) return b == T(-1) ? math::floor_divide(a, b) : static_cast<T>(a / divisor(b));
    else return trunc(a / b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T, T) {
    return {{T(0), T(0)}};
  }
};
}  // namespace pointwise

namespace ops {
/// div(a, b), and PyTorch's rounding_mode as the function to round by: div(a, b, tl::trunc), div(a, b, tl::floor).
struct DivFunction : Pointwise<pointwise::Div> {
  using Pointwise::operator();
  template <operand A, operand B>
    requires(tensor_like<A> || tensor_like<B>)
  constexpr auto operator()(A&& a, B&& b, Pointwise<pointwise::Floor>) const {
    return make_expression<pointwise::FloorDivide>(std::forward<A>(a), std::forward<B>(b));
  }
  template <operand A, operand B>
    requires(tensor_like<A> || tensor_like<B>)
  constexpr auto operator()(A&& a, B&& b, Pointwise<pointwise::Trunc>) const {
    return make_expression<pointwise::DivTrunc>(std::forward<A>(a), std::forward<B>(b));
  }
};
}  // namespace ops

inline constexpr ops::DivFunction div{}, true_divide{}, divide{};

}  // namespace torchlite::inline TORCHLITE_ABI
