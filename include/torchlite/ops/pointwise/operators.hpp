// SPDX-License-Identifier: BSD-3-Clause
// The operators of C++ on tensors, expressions and numbers.
#pragma once
#include <torchlite/ops/pointwise/add.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/ge.hpp>
#include <torchlite/ops/pointwise/gt.hpp>
#include <torchlite/ops/pointwise/le.hpp>
#include <torchlite/ops/pointwise/logical_and.hpp>
#include <torchlite/ops/pointwise/logical_not.hpp>
#include <torchlite/ops/pointwise/logical_or.hpp>
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/neg.hpp>
#include <torchlite/ops/pointwise/remainder.hpp>
#include <torchlite/ops/pointwise/sub.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class A, class B>
concept operands = operand<A> && operand<B> &&(tensor_like<A> || tensor_like<B>);

template <class A, class B>
  requires operands<A, B>
auto operator+(A&& a, B&& b) { return add(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator-(A&& a, B&& b) { return sub(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator*(A&& a, B&& b) { return mul(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator/(A&& a, B&& b) { return div(std::forward<A>(a), std::forward<B>(b)); }
/// Python's %: the remainder with the sign of b.
template <class A, class B>
  requires operands<A, B>
auto operator%(A&& a, B&& b) { return remainder(std::forward<A>(a), std::forward<B>(b)); }
template <tensor_like A>
auto operator-(A&& a) {
  return neg(std::forward<A>(a));
}
template <class A, class B>
  requires operands<A, B>
auto operator<(A&& a, B&& b) { return lt(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator<=(A&& a, B&& b) { return le(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator>(A&& a, B&& b) { return gt(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator>=(A&& a, B&& b) { return ge(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator==(A&& a, B&& b) { return eq(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator!=(A&& a, B&& b) { return ne(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator&&(A&& a, B&& b) { return logical_and(std::forward<A>(a), std::forward<B>(b)); }
template <class A, class B>
  requires operands<A, B>
auto operator||(A&& a, B&& b) { return logical_or(std::forward<A>(a), std::forward<B>(b)); }
template <tensor_like A>
auto operator!(A&& a) {
  return logical_not(std::forward<A>(a));
}

}  // namespace torchlite::inline TORCHLITE_ABI
