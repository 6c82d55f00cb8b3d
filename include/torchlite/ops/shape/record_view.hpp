// SPDX-License-Identifier: BSD-3-Clause
// What all views share: how one is recorded, and how the gradient of a part becomes a gradient of the whole.
#pragma once
#include <torchlite/autograd/accumulate.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// A view of x. backward(pass, gradient) returns the gradient of x.
template <class T, class D, class F>
Tensor<T, D> record_view(const char* name, Site site, const Tensor<T, D>& x, const Shape& sizes, const Shape& strides, std::int64_t offset,
                         F backward) {
  Tensor<T, D> out = view_of(x, sizes, strides, offset);
  if constexpr (differentiable<T>)
    if (needed(x)) return mark_view(record(name, site, std::move(out), inputs(x), std::move(backward)));
  return out;
}

/// Zeros of the given sizes in which the part that `cut` shows is g: what the gradient of a view is. cut(tensor) is the
/// view itself, so that the gradient of the gradient is the view of the gradient.
template <class T, class D, class Cut>
Tensor<T, D> embed(const char* name, const Shape& sizes, const Tensor<T, D>& g, Cut cut) {
  Tensor<T, D> out = empty<T, D>(sizes);
  fill_elements(out, T{});
  copy_elements(cut(out), g);
  if (!needed(g)) return out;
  return record(name, Site{}, std::move(out), inputs(g), [cut](const Pass&, const Tensor<T, D>& outer) { return cut(outer); });
}

/// The backward function of a view: embed as above. Backward functions are closures over values, generic in the tensor, so
/// that one node type serves every expression that a view is taken of.
template <class Cut>
auto embed_in(const char* name, const Shape& sizes, Cut cut) {
  return [name, sizes, cut](const Pass&, const auto& g) { return embed(name, sizes, g, cut); };
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
