// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>
#include <torchlite/ops/special/refuse_gradient.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The number next to a in the direction of b, elementwise.
struct NextAfter : Symbolic {
  static constexpr std::string_view name = "nextafter";
  static constexpr Result result = Result::same;
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    if constexpr (std::is_same_v<T, float>) return __builtin_nextafterf(a, b);
    else return static_cast<T>(__builtin_nextafter(static_cast<double>(a), static_cast<double>(b)));
  }
};
}  // namespace pointwise

/// The representable number next to a in the direction of b; b where they are equal.
///   a [...], b [...] -> [...], broadcast
/// Throws Error if one requires grad.
template <operand A, operand B>
  requires(tensor_like<A> || tensor_like<B>)
auto nextafter(A&& a, B&& b) {
  using Made = decltype(make_expression<pointwise::NextAfter>(std::forward<A>(a), std::forward<B>(b)));
  static_assert(std::is_floating_point_v<value_t<Made>>, "nextafter needs float or double; cast first: x.to<float>()");
  ops::refuse_gradient("nextafter", "the first operand", a);
  ops::refuse_gradient("nextafter", "the second operand", b);
  return make_expression<pointwise::NextAfter>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace torchlite::inline TORCHLITE_ABI
