// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/integer.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The bits set in both, elementwise.
struct BitwiseAnd : Symbolic {
  static constexpr std::string_view name = "bitwise_and";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return static_cast<T>(a & b);
  }
};

/// The bits set in either, elementwise.
struct BitwiseOr : Symbolic {
  static constexpr std::string_view name = "bitwise_or";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return static_cast<T>(a | b);
  }
};

/// The bits set in one of the two, elementwise.
struct BitwiseXor : Symbolic {
  static constexpr std::string_view name = "bitwise_xor";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return static_cast<T>(a ^ b);
  }
};

/// The other bits, elementwise; logical negation of bool.
struct BitwiseNot : Symbolic {
  static constexpr std::string_view name = "bitwise_not";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    if constexpr (std::is_same_v<T, bool>) return !x;
    else return static_cast<T>(~x);
  }
};

/// a moved left by b bits, elementwise; 0 if b is negative or exceeds the width.
struct ShiftLeft : Symbolic {
  static constexpr std::string_view name = "bitwise_left_shift";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return math::shift_left(a, b);
  }
};

/// a moved right by b bits, elementwise; the sign fills in, and everything if b is negative or exceeds the width.
struct ShiftRight : Symbolic {
  static constexpr std::string_view name = "bitwise_right_shift";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return math::shift_right(a, b);
  }
};
}  // namespace pointwise

namespace ops {
/// A pointwise function of integers, and of bool if that makes sense.
template <class Op, bool Boolean>
struct IntegerFunction {
  using op = Op;
  template <operand... A>
    requires(tensor_like<A> || ...)
  constexpr auto operator()(A&&... a) const {
    using Value = value_t<decltype(make_expression<Op>(std::forward<A>(a)...))>;
    static_assert(!floating<Value>, "operations on bits, gcd and lcm need integers; cast first: x.to<std::int64_t>()");
    static_assert(Boolean || !boolean<Value>, "shifts, gcd and lcm are not for bool; cast first: x.to<std::int64_t>()");
    if constexpr (!floating<Value> && (Boolean || !boolean<Value>)) return make_expression<Op>(std::forward<A>(a)...);
  }
};
}  // namespace ops

inline constexpr ops::IntegerFunction<pointwise::BitwiseAnd, true> bitwise_and{};
inline constexpr ops::IntegerFunction<pointwise::BitwiseOr, true> bitwise_or{};
inline constexpr ops::IntegerFunction<pointwise::BitwiseXor, true> bitwise_xor{};
inline constexpr ops::IntegerFunction<pointwise::BitwiseNot, true> bitwise_not{};
inline constexpr ops::IntegerFunction<pointwise::ShiftLeft, false> bitwise_left_shift{};
inline constexpr ops::IntegerFunction<pointwise::ShiftRight, false> bitwise_right_shift{};

template <class A, class B>
concept integer_operands = operand<A> && operand<B> &&(tensor_like<A> || tensor_like<B>);

template <class A, class B>
  requires integer_operands<A, B>
auto operator&(A&& a, B&& b) { return bitwise_and(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires integer_operands<A, B>
auto operator|(A&& a, B&& b) { return bitwise_or(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires integer_operands<A, B>
auto operator^(A&& a, B&& b) { return bitwise_xor(std::forward<A>(a), std::forward<B>(b)); }
template <tensor_like A>
auto operator~(A&& a) {
  return bitwise_not(std::forward<A>(a));
}
template <class A, class B>
  requires integer_operands<A, B>
auto operator<<(A&& a, B&& b) { return bitwise_left_shift(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires integer_operands<A, B>
auto operator>>(A&& a, B&& b) { return bitwise_right_shift(std::forward<A>(a), std::forward<B>(b)); }

}  // namespace torchlite::inline TORCHLITE_ABI
