// SPDX-License-Identifier: BSD-3-Clause
// What all reductions share: taking a temporary expression along, and spreading a gradient over what was reduced.
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/backend/cpu/reduce.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/reduce/axes.hpp>

namespace torchlite::inline TORCHLITE_ABI::ops {

/// What a reduction reads of its argument: a temporary expression as it is, to be taken along; anything else as a tensor.
template <tensor_like X>
const auto& source(X&& x, Site site) {
  if constexpr (expression<X> && !std::is_lvalue_reference_v<X>) return static_cast<const std::remove_cvref_t<X>&>(x);
  else return eval(x, site);
}

/// The formula of what is reduced: the expression's own, or a tensor's elements.
template <class S>
struct FormulaOf {
  using type = backend::Leaf<0, value_t<S>>;
};
template <expression S>
struct FormulaOf<S> {
  using type = typename S::formula_type;
};
template <class S>
using formula_of = typename FormulaOf<S>::type;
template <class S>
using reduced_value = backend::reduced_value_t<formula_of<S>>;

/// The operands of a reduction's kernel: the leaves of an expression, checked, or the one tensor.
template <class S>
struct Reads {
  backend::StridedMemory leaves[1];
  static constexpr int leaf_count = 1, scalar_count = 0;
  backend::Scalar scalars[1];
  Shape sizes;
  bool requires_grad;

  Reads(const char* op, const S& x) : leaves{strided_memory(x)}, sizes(x.sizes()), requires_grad(autograd::needed(x)) {
    check_devices(op, x);
  }
};
template <expression S>
struct Reads<S> {
  static constexpr int leaf_count = S::leaves, scalar_count = S::scalars;
  autograd::LeafList<S> list;
  backend::StridedMemory leaves[S::leaves];
  backend::Scalar scalars[S::scalars > 0 ? S::scalars : 1];
  Shape sizes;
  bool requires_grad;

  Reads(const char* op, const S& x) : list(x, op), sizes(list.sizes), requires_grad(list.requires_grad) {
    list.write(leaves);
    backend::Scalar* s = scalars;
    x.write_scalars(s);
  }
};

/// Reduces what was read into fresh memory, in one pass. values: of argmax and argmin, where the extremes themselves go.
template <class R, class Out, class S, class D = device_t<S>>
Tensor<Out, D> run_reduction(const Reads<S>& in, const ReducedShape& r, double divisor = 1, const tensor_of<S>* values = nullptr) {
  Tensor<Out, D> out = empty<Out, D>(r.out);
  const Shape out_strides = r.out_strides(), index_strides = r.index_strides();
  backend::ReduceArguments a;
  a.sizes = &r.sizes;
  a.out_strides = &out_strides;
  a.index_strides = &index_strides;
  a.out_numel = out.numel();
  a.out = out.data();
  a.leaves = in.leaves;
  a.leaf_count = Reads<S>::leaf_count;
  a.scalars = in.scalars;
  a.divisor = divisor;
  if (values != nullptr) a.values = values->data();
  reduce<R, formula_of<S>, Out, value_t<S>>(D{}, a);
  return out;
}

/// A reduction without a gradient, in one pass.
template <template <class> class R, class Out, class S>
Tensor<Out, device_t<S>> reduce_plain(const char* op, const S& x, const Axes& axes, bool keepdim, bool needs_elements) {
  const Reads<S> in(op, x);
  const ReducedShape r(op, in.sizes, axes, keepdim);
  if (needs_elements) r.check_not_empty(op);
  return run_reduction<R<reduced_value<S>>, Out, S>(in, r);
}

template <class T, class D>
Tensor<T, D> sum_over(const char* op, const Tensor<T, D>& x, const ReducedShape& r, Site site);

/// g, which has the sizes that the reduction leaves, read as if it had those of its input: no copy.
template <class T, class D>
Tensor<T, D> spread_over(const Tensor<T, D>& g, const ReducedShape& r, Site site = Site::current()) {
  Shape strides = Shape::filled(r.sizes.rank(), 0);
  const bool keepdim = r.out.rank() == r.sizes.rank();
  for (int d = 0, o = 0; d < r.sizes.rank(); ++d) {
    if (!r.reduced[d]) strides[d] = g.strides()[o];
    if (!r.reduced[d] || keepdim) ++o;
  }
  Tensor<T, D> out = alias(g, r.sizes, strides, g.storage_offset());
  if constexpr (differentiable<T>)
    if (autograd::needed(g))
      return autograd::record("expand", site, std::move(out), autograd::inputs(g),
                              [r, site](const autograd::Pass&, const Tensor<T, D>& gg) { return sum_over("sum", gg, r, site); });
  return out;
}

/// Sums of a tensor or of an expression; one pass forward, and none (tensor) or one (expression) backward.
template <class S>
Tensor<sum_t<value_t<S>>, device_t<S>> sum_of(const char* op, const S& x, const Reads<S>& in, const ReducedShape& r, double divisor,
                                              Site site) {
  using T = value_t<S>;
  using D = device_t<S>;
  auto out = run_reduction<backend::SumReducer<reduced_value<S>>, sum_t<T>, S>(in, r, divisor);
  if constexpr (differentiable<T>) {
    if (!in.requires_grad) return out;
    if constexpr (expression<S>) {
      autograd::record_formula(x, in.list, out, site, autograd::Spread{true, r.sizes, r.out_strides(), 1 / divisor});
    } else {
      return autograd::record(op, site, std::move(out), autograd::inputs(x), [r, divisor](const autograd::Pass&, const Tensor<T, D>& g) {
        return divisor == 1 ? spread_over(g, r) : spread_over(Tensor<T, D>(mul(g, 1 / divisor)), r);
      });
    }
  }
  return out;
}
template <class T, class D>
Tensor<T, D> sum_over(const char* op, const Tensor<T, D>& x, const ReducedShape& r, Site site) {
  return sum_of(op, x, Reads<Tensor<T, D>>(op, x), r, 1, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI::ops
