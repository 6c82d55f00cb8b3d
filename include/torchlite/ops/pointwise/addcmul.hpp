// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/add.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/mul.hpp>

namespace torchlite::inline TORCHLITE_ABI {
/// x + value * a * b in one pass.
///   x [...], a [...], b [...] -> [...], broadcast
template <tensor_like X, tensor_like A, tensor_like B, scalar S = int>
auto addcmul(X&& x, A&& a, B&& b, S value = 1) {
  return add(std::forward<X>(x), mul(mul(std::forward<A>(a), std::forward<B>(b)), value));
}
/// x + value * a / b in one pass.
///   x [...], a [...], b [...] -> [...], broadcast
template <tensor_like X, tensor_like A, tensor_like B, scalar S = int>
auto addcdiv(X&& x, A&& a, B&& b, S value = 1) {
  static_assert(differentiable<value_t<A>> || differentiable<value_t<B>>,
                "addcdiv divides, which takes integers out of their dtype; cast first: a.to<float>()");
  return add(std::forward<X>(x), mul(div(std::forward<A>(a), std::forward<B>(b)), value));
}

}  // namespace torchlite::inline TORCHLITE_ABI
