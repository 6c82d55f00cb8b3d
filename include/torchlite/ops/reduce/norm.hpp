// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/sign.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/amin.hpp>
#include <torchlite/ops/reduce/sum.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

/// (sum |x|^p)^(1/p) over all dimensions, or over the given ones; the number of elements that are not 0 for p = 0, the largest and
/// smallest |x| for p = inf and -inf.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
/// The gradient at 0 is 0.
template <tensor_like X>
auto norm(const X& x_, double p = 2, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  using Y = Tensor<T, D>;
  static_assert(floating<T>, "norm needs a floating dtype; cast first: x.to<float>()");
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Y& x = eval(x_, site);
  if (p == infinity) return Y(amax(abs(x), dims, keepdim, site));
  if (p == -infinity) return Y(amin(abs(x), dims, keepdim, site));
  if (p == 0) return Y(ops::reduce_plain<backend::SumReducer, T>("norm", ops::source(ne(x.detach(), 0), site), dims, keepdim, false));
  if (p == 1) return Y(sum(abs(x), dims, keepdim, site));
  Y out;
  {
    const NoGradGuard guard;
    out = p == 2 ? Y(sqrt(sum(square(x), dims, keepdim))) : Y(pow(sum(pow(abs(x), p), dims, keepdim), 1 / p));
  }
  if (!autograd::needed(x)) return out;
  return autograd::record(
      "norm", site, out, autograd::inputs(x),
      [x = autograd::save(x), out = autograd::save_output(out), p, dims, keepdim](const autograd::Pass& pass, const Y& g) {
        const ops::ReducedShape r("norm", x.get().sizes(), dims, keepdim);
        const Y y = pass.output(out);
        if (p == 2) return Y(x.get() * ops::spread_over(Y(where(eq(y, 0), 0, g / y)), r));
        const Y scale = where(eq(y, 0), 0, g * pow(y, 1 - p));
        // Safe at 0 for p < 1, too: the derivative of |x|^p is taken as 0 there.
        const Y size = where(eq(x.get(), 0), 1, abs(x.get()));
        return Y(sign(x.get()) * pow(size, p - 1) * ops::spread_over(scale, r));
      });
}

/// Of complex numbers: the norm of their absolute values.
template <tensor_like X>
  requires(complex_number<value_t<X>>)
auto norm(const X& x, double p = 2, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return norm(Tensor<real_t<value_t<X>>, device_t<X>>(abs(eval(x, site))), p, dims, keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
