// SPDX-License-Identifier: BSD-3-Clause
// A copy of a tensor in which one part, which a view shows, is another tensor.
#pragma once
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/diagonal.hpp>
#include <torchlite/ops/shape/slice.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {

/// A copy of x with zeros in the part that cut shows; its own transpose.
template <class T, class D, class Cut>
Tensor<T, D> without(const char* name, const Tensor<T, D>& x, Cut cut) {
  Tensor<T, D> out = empty<T, D>(x.sizes());
  copy_elements(out, x);
  fill_elements(cut(out), T{});
  if (!needed(x)) return out;
  return record(name, Site{}, std::move(out), inputs(x), [name, cut](const Pass&, const Tensor<T, D>& g) { return without(name, g, cut); });
}

/// A copy of x in which the part that cut shows is src. Throws ShapeError unless that part has src's shape.
template <class T, class D, class Cut>
Tensor<T, D> replace_part(const char* op, Site site, const Tensor<T, D>& x, const Tensor<T, D>& src, Cut cut) {
  Tensor<T, D> out = empty<T, D>(x.sizes());
  const Tensor<T, D> part = cut(out);
  check<ShapeError>(src.sizes() == part.sizes(), "{}: a source of shape {} for a part of shape {}; they must be equal", op,
                    src.sizes().str(), part.sizes().str());
  copy_elements(out, x);
  copy_elements(part, src);
  if constexpr (differentiable<T>)
    if (needed(x, src))
      return record(op, site, std::move(out), inputs(x, src), [op, cut](const Pass& pass, const Tensor<T, D>& g) {
        return std::tuple(pass.needs(0) ? without(op, g, cut) : Tensor<T, D>(), pass.needs(1) ? cut(g) : Tensor<T, D>());
      });
  return out;
}

}  // namespace autograd

/// A copy of x with src in place of select(x, dim, index).
///   x [a, b, c], src [a, c], 1, i -> [a, b, c]
/// Throws ShapeError unless src has the shape of what it replaces, IndexError unless -b <= i < b.
template <tensor_like X, tensor_like S>
tensor_of<X> select_scatter(const X& x_, const S& src_, std::int64_t dim, std::int64_t index, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& src = eval(src_, site);
  check<IndexError>(x.dim() > 0, "select_scatter: a tensor without dimensions has no slices");
  const int axis = normalize_axis("select_scatter", dim, x.dim());
  return autograd::replace_part("select_scatter", site, x, src, autograd::select_at(axis, normalize_index(index, axis, x.sizes())));
}

/// A copy of x with src in place of slice(x, dim, start, end, step).
///   x [a, b], src [a, ceil((end - start) / step)], 1, start, end, step -> [a, b]
template <tensor_like X, tensor_like S>
tensor_of<X> slice_scatter(const X& x_, const S& src_, std::int64_t dim = 0, Slice::Bound start = None, Slice::Bound end = None,
                           std::int64_t step = 1, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& src = eval(src_, site);
  check<IndexError>(x.dim() > 0, "slice_scatter: a tensor without dimensions cannot be sliced");
  const int axis = normalize_axis("slice_scatter", dim, x.dim());
  const Slice s = normalize_slice("slice_scatter", Slice(start, end, step), x.sizes()[axis]);
  return autograd::replace_part("slice_scatter", site, x, src, autograd::slice_at(axis, s));
}

/// A copy of x with src in place of diagonal(x, offset, dim1, dim2).
///   x [m, n], src [k] -> [m, n]
template <tensor_like X, tensor_like S>
tensor_of<X> diagonal_scatter(const X& x_, const S& src_, std::int64_t offset = 0, std::int64_t dim1 = 0, std::int64_t dim2 = 1,
                              Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& src = eval(src_, site);
  const int a = normalize_axis("diagonal_scatter", dim1, x.dim()), b = normalize_axis("diagonal_scatter", dim2, x.dim());
  return autograd::replace_part("diagonal_scatter", site, x, src, autograd::diagonal_at(offset, a, b));
}

}  // namespace torchlite::inline TORCHLITE_ABI
