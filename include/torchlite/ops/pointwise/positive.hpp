// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/expr/expression.hpp>
#include <torchlite/tensor/tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI {
/// x itself.
template <tensor_like X>
auto positive(X&& x) {
  static_assert(!boolean<value_t<X>>, "positive is not for bool; cast first: x.to<int>()");
  return std::remove_cvref_t<X>(std::forward<X>(x));
}

}  // namespace torchlite::inline TORCHLITE_ABI
