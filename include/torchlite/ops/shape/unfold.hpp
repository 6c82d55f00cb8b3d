// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <tensor_like X>
tensor_of<X> unfold(const X& x, std::int64_t dim, std::int64_t size, std::int64_t step, Site site = Site::current());

/// The gradient of unfold: each element gets the sum over the windows it was in.
///   g [..., windows, ..., size] -> sizes
template <class T, class D>
Tensor<T, D> unfold_backward(const Tensor<T, D>& g, const Shape& sizes, int axis, std::int64_t size, std::int64_t step) {
  Tensor<T, D> out = empty<T, D>(sizes);
  fill_elements(out, T{});
  const std::int64_t windows = g.sizes()[axis];
  // The i-th elements of all windows do not overlap.
  using R = register_t<T>;
  using Sum = backend::Apply<autograd::AddFormula, R, R, backend::Leaf<0, T>, backend::Leaf<1, T>>;
  for (std::int64_t i = 0; i < size && windows > 0; ++i) {
    const Tensor<T, D> into = slice(out, axis, i, i + (windows - 1) * step + 1, step), from = select(g.detach(), -1, i);
    const backend::StridedMemory leaves[] = {strided_memory(into), strided_memory(from)};
    map<Sum, T>(D{}, backend::MapArguments{strided_memory(into), leaves, 2, nullptr, false});
  }
  if (!autograd::needed(g)) return out;
  return autograd::record("unfold_backward", Site{}, std::move(out), autograd::inputs(g),
                          [axis, size, step](const autograd::Pass&, const Tensor<T, D>& outer) { return unfold(outer, axis, size, step); });
}

namespace autograd {
inline auto unfold_by(const Shape& sizes, int axis, std::int64_t size, std::int64_t step) {
  return [sizes, axis, size, step](const Pass&, const auto& g) { return unfold_backward(g, sizes, axis, size, step); };
}
}  // namespace autograd

/// All windows of `size` elements along dimension dim, `step` apart; the window's elements are a new last dimension.
///   x [a, n, b], 1, size, step -> [a, (n - size) / step + 1, b, size]; shares memory
/// Throws ShapeError if size is larger than the dimension.
template <tensor_like X>
tensor_of<X> unfold(const X& x_, std::int64_t dim, std::int64_t size, std::int64_t step, Site site) {
  const auto& x = eval(x_, site);
  const int axis = normalize_axis("unfold", dim, x.dim());
  const std::int64_t n = x.dim() == 0 ? 1 : x.sizes()[axis];
  check<ShapeError>(size >= 0 && size <= n && step > 0,
                    "unfold: windows of {} elements, {} apart, do not fit dimension {} of a tensor of shape {}", size, step, axis,
                    x.sizes().str());
  if (x.dim() == 0) return narrow(unsqueeze(x, 0, site), 0, 0, size, site);
  Shape sizes = x.sizes(), strides = x.strides();
  sizes.push_back(size);
  strides.push_back(strides[axis]);
  sizes[axis] = (n - size) / step + 1;
  strides[axis] *= step;
  return autograd::record_view("unfold", site, x, sizes, strides, x.storage_offset(), autograd::unfold_by(x.sizes(), axis, size, step));
}

}  // namespace torchlite::inline TORCHLITE_ABI
