// SPDX-License-Identifier: BSD-3-Clause
// Complex conjugation. There is no lazy conjugation here: conj is an operation like others, and fuses like others.
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

struct Conj : Symbolic {
  static constexpr std::string_view name = "conj";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return conj(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(is_complex_valued<T> ? 0 : 1);
  }
  template <class T>
    requires(is_complex_valued<T>)
  TORCHLITE_HOST_DEVICE static T conjugate_derivative(T) { return T(1); }
};
}  // namespace pointwise

/// The conjugate of every element; real tensors are returned as they are.
template <tensor_like X>
auto conj(X&& x) {
  if constexpr (complex_number<value_t<X>>) return make_expression<pointwise::Conj>(std::forward<X>(x));
  else return std::remove_cvref_t<X>(std::forward<X>(x));
}
/// The same: here every conjugation is physical.
template <tensor_like X>
auto conj_physical(X&& x) {
  return conj(std::forward<X>(x));
}
/// x, whose conjugation (and negation) is never pending.
template <tensor_like X>
tensor_of<X> resolve_conj(const X& x, Site site = Site::current()) {
  return eval(x, site);
}
template <tensor_like X>
tensor_of<X> resolve_neg(const X& x, Site site = Site::current()) {
  return eval(x, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
