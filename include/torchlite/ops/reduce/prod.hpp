// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/reduce/element_index.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <tensor_like X>
auto prod(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current());

namespace ops {

/// The gradient of prod: g times the product of the other factors.
template <class T, class D>
Tensor<T, D> prod_gradient(const Tensor<T, D>& x, const Tensor<T, D>& out, const Tensor<T, D>& g, const Axes& dims, bool keepdim) {
  const ReducedShape r("prod", x.sizes(), dims, keepdim);
  if (!any(eq(x, 0)).item()) return spread_over(Tensor<T, D>(g * conj(out)), r) / conj(x);
  // Nothing can be divided by a factor 0, so each product of the others is made anew.
  const Tensor<std::int64_t, D> index = element_index<D>(r);
  Tensor<T, D> gradient;
  for (std::int64_t k = 0; k < r.count; ++k) {
    const Tensor<bool, D> here = eq(index, k);
    const Tensor<T, D> others = prod(where(here, 1, x), dims, keepdim);
    const Tensor<T, D> part = where(here, spread_over(Tensor<T, D>(g * conj(others)), r), 0);
    gradient = gradient.defined() ? Tensor<T, D>(gradient + part) : part;
  }
  return gradient;
}

}  // namespace ops

/// The product over all dimensions, or over the given ones.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim); int64 for integers and bool
/// The gradient is right where factors are 0, too.
template <tensor_like X>
auto prod(X&& x, const Axes& dims, bool keepdim, Site site) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& s = ops::source(std::forward<X>(x), site);
  if constexpr (differentiable<T>) {
    if (ops::Reads("prod", s).requires_grad) {
      const Tensor<T, D>& t = eval(s, site);
      Tensor<T, D> out = ops::reduce_plain<backend::ProdReducer, T>("prod", t, dims, keepdim, false);
      return autograd::record(
          "prod", site, out, autograd::inputs(t),
          [x = autograd::save(t), out = autograd::save_output(out), dims, keepdim](const autograd::Pass& pass, const Tensor<T, D>& g) {
            return ops::prod_gradient(x.get(), pass.output(out), g, dims, keepdim);
          });
    }
  }
  return ops::reduce_plain<backend::ProdReducer, sum_t<T>>("prod", s, dims, keepdim, false);
}

}  // namespace torchlite::inline TORCHLITE_ABI
