// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/sum.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

/// log(sum(e^x)) over the given dimensions, safe against overflow.
///   x [...] -> x's sizes without the dimensions (1 in their place with keepdim)
template <tensor_like X>
auto logsumexp(const X& x_, const Axes& dims, bool keepdim = false, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(floating<T>, "logsumexp needs a floating dtype; cast first: x.to<float>()");
  const Tensor<T, D>& x = eval(x_, site);
  Tensor<T, D> out;
  {
    const NoGradGuard guard;
    const ops::ReducedShape r("logsumexp", x.sizes(), dims, keepdim);
    // The largest term is taken out; an infinite one cannot be.
    const Tensor<T, D> top = ops::reduce_plain<backend::MaxReducer, T>("logsumexp", x, dims, keepdim, false);
    const Tensor<T, D> shift = where(eq(abs(top), std::numeric_limits<double>::infinity()), 0, top);
    out = log(sum(exp(x - ops::spread_over(shift, r)), dims, keepdim)) + shift;
  }
  if (!autograd::needed(x)) return out;
  return autograd::record(
      "logsumexp", site, out, autograd::inputs(x),
      [x = autograd::save(x), out = autograd::save_output(out), dims, keepdim](const autograd::Pass& pass, const Tensor<T, D>& g) {
        const ops::ReducedShape r("logsumexp", x.get().sizes(), dims, keepdim);
        const Tensor<T, D> y = pass.output(out);
        const Tensor<T, D> finite = where(eq(y, -std::numeric_limits<double>::infinity()), 0, y);
        return Tensor<T, D>(exp(x.get() - ops::spread_over(finite, r)) * ops::spread_over(g, r));
      });
}

}  // namespace torchlite::inline TORCHLITE_ABI
