// SPDX-License-Identifier: BSD-3-Clause
// What max, min, amax, amin, argmax and argmin share.
#pragma once
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/element_index.hpp>
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// What max and min over one dimension give: the extremes and the index of each along that dimension.
template <class T, class D>
struct ValuesAndIndices {
  Tensor<T, D> values;
  Tensor<std::int64_t, D> indices;
};

namespace ops {

/// The extreme values alone; equal ones share the gradient.
template <template <class> class R, class S>
tensor_of<S> extreme_values(const char* op, const S& x, const Axes& dims, bool keepdim, Site site) {
  using T = value_t<S>;
  using D = device_t<S>;
  if constexpr (differentiable<T>) {
    if (Reads<S>(op, x).requires_grad) {
      const Tensor<T, D>& t = eval(x, site);
      Tensor<T, D> out = reduce_plain<R, T>(op, t, dims, keepdim, true);
      return autograd::record(
          op, site, out, autograd::inputs(t),
          [op, x = autograd::save(t), out = autograd::save_output(out), dims, keepdim](const autograd::Pass&, const Tensor<T, D>& g) {
            const ReducedShape r(op, x.get().sizes(), dims, keepdim);
            const Tensor<T, D> values = x.get().detach(), best = spread_over(out.get(), r);
            const Tensor<std::int64_t, D> ties =
                reduce_plain<backend::SumReducer, std::int64_t>(op, eq(values, best), dims, keepdim, false);
            return Tensor<T, D>(where(eq(values, best), spread_over(Tensor<T, D>(g / ties), r), 0));
          });
    }
  }
  return reduce_plain<R, T>(op, x, dims, keepdim, true);
}

/// The extremes over one dimension with their indices, in one pass; the gradient goes to the element at the index.
template <template <class> class R, class S>
ValuesAndIndices<value_t<S>, device_t<S>> extremes(const char* op, const S& x, std::int64_t dim, bool keepdim, Site site) {
  using T = value_t<S>;
  using D = device_t<S>;
  if constexpr (floating<T> && expression<S>)
    if (Reads<S>(op, x).requires_grad) return extremes<R>(op, eval(x, site), dim, keepdim, site);
  const Reads<S> in(op, x);
  const ReducedShape r(op, in.sizes, dim, keepdim);
  r.check_not_empty(op);
  Tensor<T, D> values = empty<T, D>(r.out);
  const Tensor<std::int64_t, D> indices = run_reduction<R<reduced_value<S>>, std::int64_t, S>(in, r, 1, &values);
  if constexpr (floating<T> && !expression<S>) {
    if (in.requires_grad)
      values = autograd::record(op, site, values, autograd::inputs(x), [r, indices](const autograd::Pass&, const Tensor<T, D>& g) {
        return Tensor<T, D>(where(eq(element_index<D>(r), spread_over(indices, r)), spread_over(g, r), 0));
      });
  }
  return {values, indices};
}

/// The index of the extreme over one dimension, or, over all, its index in the flattened tensor.
template <template <class> class R, class S>
Tensor<std::int64_t, device_t<S>> extreme_index(const char* op, const S& x, const Axes& dims, bool keepdim) {
  check<Error>(dims.list().rank() <= 1, "{}: goes over one dimension or all of them, not over {}", op, dims.list().str());
  return reduce_plain<R, std::int64_t>(op, x, dims, keepdim, true);
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
