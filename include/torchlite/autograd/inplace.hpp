// SPDX-License-Identifier: BSD-3-Clause
// Writing an expression into existing memory.
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/autograd/restride.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The sum of g over the dimensions in which sizes was broadcast to g's; defined in ops/reduce/sum_to_size.hpp.
template <class T, class D>
Tensor<T, D> sum_to_size(const Tensor<T, D>& g, const Shape& sizes, Site site = Site::current());
/// A contiguous tensor looked at with other sizes of the same number of elements.
template <class T, class D>
TORCHLITE_COLD Tensor<T, D> reshape_recorded(const Tensor<T, D>& t, const Shape& sizes) {
  const Tensor<T, D> dense = t.is_contiguous() ? t : Tensor<T, D>(copy_gradient<T, D>(t.ref()));
  Tensor<T, D> out = alias(dense, sizes, contiguous_strides(sizes), dense.storage_offset());
  if (!autograd::needed(t)) return out;
  return autograd::record("view", Site{}, std::move(out), autograd::inputs(t),
                          [own = t.sizes()](const autograd::Pass&, const Tensor<T, D>& g) { return reshape_recorded(g, own); });
}

namespace autograd {

/// Throws if target may not be changed in place now.
template <class T, class D>
void check_inplace(const char* op, const Tensor<T, D>& target, bool recorded) {
  const TensorImpl& impl = target.impl();
  const Gradient* g = find_gradient(impl);
  check<Error>(!recorded || !impl.requires_grad || (g != nullptr && g->node),
               "{}: a leaf that requires a gradient cannot be modified in place while gradients are recorded; use a NoGradGuard", op);
  if (recorded && impl.base) {
    check<Error>(!impl.base->requires_grad || impl.base->type->dtype == impl.type->dtype,
                 "{}: gradients of writing {} numbers into the memory of a {} tensor are not recorded; use complex() or where", op,
                 to_string(impl.type->dtype), to_string(impl.base->type->dtype));
    const Gradient* base = find_gradient(*impl.base);
    check<Error>(
        !impl.base->requires_grad || (base != nullptr && base->node),
        "{}: a view of a leaf that requires a gradient cannot be modified in place while gradients are recorded; use a NoGradGuard", op);
  }
  for (int d = 0; d < impl.sizes.rank(); ++d)
    check<Error>(impl.strides[d] != 0 || impl.sizes[d] <= 1,
                 "{}: an expanded tensor of shape {} cannot be modified in place; clone it first", op, impl.sizes.str());
}

/// After values (recorded, of the view's sizes) were written into a view: the base came from its old self and values, and
/// the view from the base. The nodes know geometries only: they must not hold the base, whose history they become.
template <class T, class D>
TORCHLITE_COLD void record_view_write(const Tensor<T, D>& view, const Tensor<T, D>& values, Site site) {
  const Tensor<T, D> base(view.impl().base);
  const Geometry whole = geometry_of(base), part = geometry_of(view);
  Tensor<T, D> handle = base;
  record("view_write", site, handle, inputs(base, values), [whole, part](const Pass& pass, const Tensor<T, D>& g) {
    return std::tuple(pass.needs(0) ? blank("view_write", g, whole, part) : Tensor<T, D>(),
                      pass.needs(1) ? restride("view_write", g, whole, part, whole) : Tensor<T, D>());
  });
  Tensor<T, D> shown = view;
  record("view", site, shown, inputs(base),
         [whole, part](const Pass&, const Tensor<T, D>& g) { return restride("view", g, part, whole, whole); });
  mark_view(shown);
}

/// values read with a broadcast shape.
template <class T, class D>
TORCHLITE_COLD Tensor<T, D> expand_recorded(const Tensor<T, D>& values, const Shape& sizes, Site site) {
  Tensor<T, D> out = alias(values, sizes, broadcast_strides(values.sizes(), values.strides(), sizes), values.storage_offset());
  if (!needed(values)) return out;
  return record("expand", site, std::move(out), inputs(values),
                [own = values.sizes()](const Pass&, const Tensor<T, D>& g) { return sum_to_size(g, own); });
}

/// target = e, for an expression e that broadcasts to target's shape.
template <class T, class D, class E>
void assign(const char* op, const Tensor<T, D>& target, const E& e, Site site) {
  using V = typename E::value_type;
  static_assert(dtypes::kind<V> <= dtypes::kind<T>,
                "this in-place operation would lose information; cast with to<T>() to say that it is meant");
  const LeafList<E> leaves(e, op);
  check_devices(op, target);
  const Shape both = broadcast_shapes(op, leaves.sizes, target.sizes());
  check<ShapeError>(both == target.sizes(), "{}: a result of shape {} does not fit the target of shape {}; it must broadcast to it", op,
                    leaves.sizes.str(), target.sizes().str());
  const bool recorded = differentiable<T> && differentiable<V> && is_grad_enabled() &&
                        (leaves.requires_grad || target.requires_grad() || (target.impl().base && target.impl().base->requires_grad));
  check_inplace(op, target, recorded);

  bool overlaps = false;
  for (int i = 0; i < E::leaves; ++i) {
    const TensorImpl& leaf = *leaves.impls[i];
    overlaps |= leaf.storage == target.impl().storage &&
                !(leaf.offset == target.impl().offset && leaf.sizes == target.sizes() && leaf.strides == target.strides());
  }

  if constexpr (differentiable<T> && differentiable<V>) {
    if (recorded && (target.impl().base || !(leaves.sizes == target.sizes()) || !std::is_same_v<V, T>)) {
      const Tensor<V, D> result = empty<V, D>(leaves.sizes);
      run_formula(e, leaves, result);
      if (leaves.requires_grad) record_formula(e, leaves, result, site, target.impl().storage.get());
      Tensor<T, D> values = Tensor<T, D>(result);
      copy_elements(target, values);
      ++target.impl().storage->version;
      if (!(values.sizes() == target.sizes())) values = expand_recorded(values, target.sizes(), site);
      Tensor<T, D> handle = target;
      if (target.impl().base) record_view_write(target, values, site);
      else record(op, site, handle, inputs(values), [](const Pass&, const Tensor<T, D>& g) { return g; });
      return;
    }
  }
  Ref<Node> node;
  if constexpr (differentiable<T> && differentiable<V>) {
    if (recorded) {
      // Before anything is written: the old values, where backward needs them, are copied.
      auto made = make_formula_node<typename E::formula_type, false>(e, leaves, op, site);
      made->copy_saved(target.impl().storage.get());
      node = Ref<Node>(made.get());
    }
  }
  if (overlaps) {
    const Tensor<T, D> result = empty<T, D>(leaves.sizes);
    run_formula(e, leaves, result);
    const backend::StridedMemory memory = strided_memory(result);
    map<backend::Leaf<0, T>, T>(D{}, backend::MapArguments{strided_memory(target), &memory, 1, nullptr, false});
  } else {
    run_formula(e, leaves, target);
  }
  ++target.impl().storage->version;
  if (node) set_history(target.impl(), std::move(node), 0);
}

}  // namespace autograd
}  // namespace torchlite::inline TORCHLITE_ABI
