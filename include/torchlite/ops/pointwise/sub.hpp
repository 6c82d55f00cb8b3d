// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/mul.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a - b, elementwise, broadcast.
struct Sub : Symbolic {
  static constexpr std::string_view name = "sub";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    static_assert(!boolean<T>, "subtraction is not for bool; use logical_xor, or cast first: x.to<int>()");
    return static_cast<T>(a - b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T, T) {
    return {{T(1), T(-1)}};
  }
};
}  // namespace pointwise

namespace ops {
/// a - b, or a - alpha * b in the same pass.
struct SubFunction : Pointwise<pointwise::Sub> {
  using Pointwise::operator();
  template <operand A, operand B, scalar S>
    requires(tensor_like<A> || tensor_like<B>)
  constexpr auto operator()(A&& a, B&& b, S alpha) const { return (*this)(std::forward<A>(a), scaled(std::forward<B>(b), alpha)); }

 private:
  template <operand B, scalar S>
  static constexpr auto scaled(B&& b, S alpha) {
    if constexpr (tensor_like<B>) return mul(std::forward<B>(b), alpha);
    else return b * alpha;
  }
};
}  // namespace ops

inline constexpr ops::SubFunction sub{};

}  // namespace torchlite::inline TORCHLITE_ABI
