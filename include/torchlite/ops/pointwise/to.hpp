// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x as a tensor of dtype To; fuses like any other operation.
template <dtype To, tensor_like X>
auto to(X&& x) {
  return make_expression<Cast<To>>(std::forward<X>(x));
}

}  // namespace torchlite::inline TORCHLITE_ABI
