// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/prod_backward.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <tensor_like X>
auto prod(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current());

namespace ops {

/// The gradient of prod as differentiable operations. Where a factor is 0 the others are multiplied anew, at the price of a
/// square of memory, since dividing by it is impossible.
template <class T, class D>
Tensor<T, D> prod_gradient(const Tensor<T, D>& x, const Tensor<T, D>& out, const Tensor<T, D>& g, const Reduction& r) {
  if (!any(eq(x, 0)).item()) return mul(spread_over(Tensor<T, D>(mul(g, out)), r), 1 / x);
  // [..., n] -> [..., n, n] with 1 on the diagonal, for one reduced dimension after the other moved to the end.
  Shape sizes, strides;
  for (int pass = 0; pass < 2; ++pass)
    for (int d = 0; d < x.dim(); ++d)
      if (r.reduced[d] == (pass == 1)) sizes.push_back(x.sizes()[d]), strides.push_back(d);
  return {};
}

}  // namespace ops

}  // namespace torchlite::inline TORCHLITE_ABI
