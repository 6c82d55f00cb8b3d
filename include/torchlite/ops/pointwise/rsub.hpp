// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/sub.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// b - alpha * a: sub with the operands exchanged.
template <operand A, operand B, scalar S = int>
  requires(tensor_like<A> || tensor_like<B>)
auto rsub(A&& a, B&& b, S alpha = 1) { return sub(std::forward<B>(b), std::forward<A>(a), alpha); }

}  // namespace torchlite::inline TORCHLITE_ABI
