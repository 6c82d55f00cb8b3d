// SPDX-License-Identifier: BSD-3-Clause
// Dimensions in another order; nothing is copied.
#pragma once
#include <torchlite/ops/shape/record_view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
inline auto permute_by(const Shape& dims) {
  return [dims](const Pass&, const auto& g) { return permute(g, dims); };
}
inline auto transpose_by(int a, int b) {
  return [a, b](const Pass&, const auto& g) { return transpose(g, a, b); };
}
}  // namespace autograd

/// Dimension i of the result is dimension dims[i] of x.
///   x [a, b, c], {2, 0, 1} -> [c, a, b]
/// Throws ShapeError unless dims names every dimension once.
template <tensor_like X>
tensor_of<X> permute(const X& x_, const Shape& dims, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(dims.rank() == x.dim(), "permute: {} names {} dimensions, but a tensor of shape {} has {}", dims.str(), dims.rank(),
                    x.sizes().str(), x.dim());
  Shape sizes, strides, inverse = dims;
  unsigned seen = 0;
  for (int d = 0; d < dims.rank(); ++d) {
    const int from = normalize_axis("permute", dims[d], x.dim());
    check<ShapeError>(((seen >> from) & 1u) == 0, "permute: {} names dimension {} twice", dims.str(), from);
    seen |= 1u << from;
    sizes.push_back(x.sizes()[from]);
    strides.push_back(x.strides()[from]);
    inverse[from] = d;
  }
  return autograd::record_view("permute", site, x, sizes, strides, x.storage_offset(), autograd::permute_by(inverse));
}

/// Two dimensions exchanged.
///   x [a, b, c], 0, 2 -> [c, b, a]
template <tensor_like X>
tensor_of<X> transpose(const X& x_, std::int64_t dim0, std::int64_t dim1, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int a = normalize_axis("transpose", dim0, x.dim()), b = normalize_axis("transpose", dim1, x.dim());
  Shape sizes = x.sizes(), strides = x.strides();
  if (x.dim() > 0) {
    std::swap(sizes[a], sizes[b]);
    std::swap(strides[a], strides[b]);
  }
  return autograd::record_view("transpose", site, x, sizes, strides, x.storage_offset(), autograd::transpose_by(a, b));
}

/// NumPy's name for transpose.
template <tensor_like X>
tensor_of<X> swapaxes(const X& x, std::int64_t axis0, std::int64_t axis1, Site site = Site::current()) {
  return transpose(x, axis0, axis1, site);
}

/// Another name of transpose.
template <tensor_like X>
tensor_of<X> swapdims(const X& x, std::int64_t dim0, std::int64_t dim1, Site site = Site::current()) {
  return transpose(x, dim0, dim1, site);
}

/// The transpose of a matrix; tensors of fewer dimensions stay as they are.
///   x [m, n] -> [n, m]
template <tensor_like X>
tensor_of<X> t(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() <= 2, "t: a tensor of shape {} has {} dimensions; t() takes at most 2, use transpose", x.sizes().str(),
                    x.dim());
  if (x.dim() < 2) return transpose(x, 0, 0, site);
  return transpose(x, 0, 1, site);
}

/// Dimensions source[i] moved to positions destination[i]; the others keep their order.
///   x [a, b, c], {0}, {2} -> [b, c, a]
template <tensor_like X>
tensor_of<X> movedim(const X& x_, const Shape& source, const Shape& destination, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(source.rank() == destination.rank(), "movedim: {} dimensions {} are moved to {} positions {}", source.rank(),
                    source.str(), destination.rank(), destination.str());
  Shape order = Shape::filled(x.dim(), -1);
  unsigned moved = 0;
  for (int i = 0; i < source.rank(); ++i) {
    const int from = normalize_axis("movedim", source[i], x.dim()), to = normalize_axis("movedim", destination[i], x.dim());
    if (x.dim() == 0) continue;
    check<ShapeError>(((moved >> from) & 1u) == 0 && order[to] < 0, "movedim: {} to {} names a dimension twice", source.str(),
                      destination.str());
    moved |= 1u << from;
    order[to] = from;
  }
  int next = 0;
  for (int to = 0; to < x.dim(); ++to) {
    if (order[to] >= 0) continue;
    while (((moved >> next) & 1u) != 0) ++next;
    order[to] = next++;
  }
  return permute(x, order, site);
}
template <tensor_like X>
tensor_of<X> movedim(const X& x, std::int64_t source, std::int64_t destination, Site site = Site::current()) {
  return movedim(x, Shape{source}, Shape{destination}, site);
}

/// NumPy's name for movedim.
template <tensor_like X>
tensor_of<X> moveaxis(const X& x, const Shape& source, const Shape& destination, Site site = Site::current()) {
  return movedim(x, source, destination, site);
}
template <tensor_like X>
tensor_of<X> moveaxis(const X& x, std::int64_t source, std::int64_t destination, Site site = Site::current()) {
  return movedim(x, source, destination, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
