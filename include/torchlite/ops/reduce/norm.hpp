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
#include <torchlite/tensor/create.hpp>

#include <limits>
#include <string_view>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// The gradient of norm for p other than 0, 1 and infinities: sign(x) |x|^(p-1) y^(1-p) g, and 0 where x or y is 0.
template <class T, class D>
Tensor<T, D> norm_gradient(const Tensor<T, D>& x, const Tensor<T, D>& y, const Tensor<T, D>& g, double p, const ReducedShape& r) {
  using Y = Tensor<T, D>;
  if (p == 2) return x * spread_over(Y(where(eq(y, 0), 0, g / where(eq(y, 0), 1, y))), r);
  const Y scale = where(eq(y, 0), 0, g * pow(where(eq(y, 0), 1, y), 1 - p));
  // |x|^(p-1) is taken at 1 where x is 0, where it may have no value; sign(x) makes it 0 there.
  const Y size = where(eq(x, 0), 1, abs(x));
  return sign(x) * pow(size, p - 1) * spread_over(scale, r);
}

}  // namespace ops

/// (sum |x|^p)^(1/p) over all dimensions, or over the given ones; the number of elements that are not 0 for p = 0, the largest and
/// smallest |x| for p = inf and -inf.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
/// Where it has none, the gradient is the subgradient 0, as in PyTorch; for infinite p, elements of equal size share it. The powers are
/// computed in the dtype of x, so that their sum overflows where PyTorch's does. Throws IndexError for infinite
/// or negative p without elements.
template <tensor_like X>
auto norm(const X& x_, double p = 2, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  using Y = Tensor<T, D>;
  static_assert(floating<T>, "norm needs a floating dtype; cast first: x.to<float>()");
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Y& x = eval(x_, site);
  if (p < 0) ops::ReducedShape("norm", x.sizes(), dims, keepdim).check_not_empty("norm");
  if (p == infinity) return Y(amax(abs(x), dims, keepdim, site));
  if (p == -infinity) return Y(amin(abs(x), dims, keepdim, site));
  if (p == 1) return Y(sum(abs(x), dims, keepdim, site));
  Y out;
  {
    const NoGradGuard guard;
    if (p == 0) out = ops::reduce_plain<backend::SumReducer, T>("norm", ops::source(ne(x, 0), site), dims, keepdim, false);
    else if (p == 2) out = sqrt(sum(square(x), dims, keepdim));
    else out = pow(sum(pow(abs(x), p), dims, keepdim), 1 / p);
  }
  if (!autograd::needed(x)) return out;
  return autograd::record(
      "norm", site, out, autograd::inputs(x),
      [x = autograd::save(x), out = autograd::save_output(out), p, dims, keepdim](const autograd::Pass& pass, const Y& g) {
        if (p == 0) return zeros<T, D>(x.get().sizes());
        return ops::norm_gradient(x.get(), pass.output(out), g, p, ops::ReducedShape("norm", x.get().sizes(), dims, keepdim));
      });
}
/// The norm that is named "fro": the square root of the sum of squares.
template <tensor_like X>
auto norm(const X& x, std::string_view p, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  check<Error>(p == "fro", "norm: '{}' names no norm of elements; it must be 'fro' or a number (matrix norms are linalg::matrix_norm)", p);
  return norm(x, 2.0, dims, keepdim, site);
}

/// norm(a - b, p): how far two tensors, which broadcast, lie apart.
///   a [...], b [...] -> []
template <tensor_like A, tensor_like B>
auto dist(const A& a, const B& b, double p = 2, Site site = Site::current()) {
  return norm(eval(sub(eval(a, site), eval(b, site)), site), p, {}, false, site);
}

/// Of complex numbers: the norm of their absolute values.
template <tensor_like X>
  requires(complex_number<value_t<X>>)
auto norm(const X& x, double p = 2, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return norm(Tensor<real_t<value_t<X>>, device_t<X>>(abs(eval(x, site))), p, dims, keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
