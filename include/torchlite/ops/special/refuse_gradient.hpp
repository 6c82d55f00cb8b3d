// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/grad_mode.hpp>
#include <torchlite/tensor/tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// True if some tensor of x takes part in a graph.
template <operand X>
bool in_graph(const X& x) {
  if constexpr (tensor<X>) {
    return x.impl().requires_grad;
  } else if constexpr (expression<X>) {
    bool any = false;
    x.each_leaf([&](const auto& leaf) { any = any || leaf.tensor.impl().requires_grad; });
    return any;
  } else {
    return false;
  }
}

/// Throws if a gradient could be asked for with respect to an argument whose derivative is not offered.
template <operand X>
void refuse_gradient(const char* op, const char* argument, const X& x) {
  check<Error>(!is_grad_enabled() || !in_graph(x), "{}: {} requires grad, and no derivative with respect to it is offered; detach it first",
               op, argument);
}

}  // namespace ops

}  // namespace torchlite::inline TORCHLITE_ABI
