// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/scan/recurrence.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// For each element the product of all others of its row, along the last dimension: those before it times those after it.
template <class T, class D>
Tensor<T, D> product_of_others(const Tensor<T, D>& rows) {
  const int axis = rows.dim() - 1;
  const auto side = [&](bool reverse) {
    // p_i = x_(i-1) p_(i-1), from 1 on: a running product that leaves its own element out.
    const Tensor<T, D> factors = shifted(rows, axis, reverse, 0);
    Tensor<T, D> start = zeros<T, D>(rows.sizes());
    fill_elements(select(start, axis, reverse ? -1 : 0), static_cast<T>(1));
    return recurrence(factors, start, axis, reverse);
  };
  return side(false) * side(true);
}

/// The gradient of prod: g times the product of the other factors.
template <class T, class D>
Tensor<T, D> prod_gradient(const Tensor<T, D>& x, const Tensor<T, D>& out, const Tensor<T, D>& g, const Axes& dims, bool keepdim) {
  const ReducedShape r("prod", x.sizes(), dims, keepdim);
  if (x.numel() == 0 || x.dim() == 0) return spread_over(g, r);
  if (!any(eq(x.detach(), 0)).item()) return spread_over(Tensor<T, D>(g * conj(out)), r) / conj(x);
  // Nothing can be divided by a factor 0. The reduced dimensions become one row at the end.
  Shape order, back = x.sizes(), permuted, rows;
  for (const bool reduced : {false, true})
    for (int d = 0; d < x.dim(); ++d)
      if (r.reduced[d] == reduced) order.push_back(d);
  for (int i = 0; i < order.rank(); ++i) {
    back[order[i]] = i;
    permuted.push_back(x.sizes()[order[i]]);
    if (!r.reduced[order[i]]) rows.push_back(permuted.back());
  }
  rows.push_back(r.count);
  const Tensor<T, D> others = product_of_others(reshape(permute(x, order), rows));
  return spread_over(g, r) * conj(permute(reshape(others, permuted), back));
}

}  // namespace ops

/// The product over all dimensions, or over the given ones.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim); int64 for integers and bool
/// Carried in double. The gradient is right where factors are 0, too, at any order, and takes time linear in the elements.
template <tensor_like X>
auto prod(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
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
/// The same of x as dtype To: prod<double>(x).
template <dtype To, tensor_like X>
auto prod(const X& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return prod(to<To>(eval(x, site)), dims, keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
