// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/shape/cat.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
inline auto flip_back(const Shape& dims) {
  return [dims](const Pass&, const auto& g) { return flip(g, dims); };
}
}  // namespace autograd

/// x with the order of the elements reversed along the given dimensions, copied.
///   x [a, b], {0} -> [a, b]
template <tensor_like X>
tensor_of<X> flip(const X& x_, const Shape& dims, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  Shape strides = x.strides();
  std::int64_t offset = x.storage_offset();
  unsigned seen = 0;
  for (std::int64_t dim : dims) {
    const int axis = normalize_axis("flip", dim, x.dim());
    check<ShapeError>(((seen >> axis) & 1u) == 0, "flip: {} names dimension {} twice", dims.str(), axis);
    seen |= 1u << axis;
    if (x.dim() == 0 || x.sizes()[axis] == 0) continue;
    offset += (x.sizes()[axis] - 1) * strides[axis];
    strides[axis] = -strides[axis];
  }
  Tensor<T, D> out = empty<T, D>(x.sizes());
  copy_elements(out, alias(x, x.sizes(), strides, offset));
  if constexpr (differentiable<T>)
    if (autograd::needed(x)) return autograd::record("flip", site, std::move(out), autograd::inputs(x), autograd::flip_back(dims));
  return out;
}
template <tensor_like X>
tensor_of<X> flip(const X& x, std::int64_t dim, Site site = Site::current()) {
  return flip(x, Shape{dim}, site);
}

/// x shifted by `shift` places along dimension dim; what leaves at one end comes in at the other.
///   x [a, b] -> [a, b]
template <tensor_like X>
tensor_of<X> roll(const X& x_, std::int64_t shift, std::int64_t dim, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int axis = normalize_axis("roll", dim, x.dim());
  if (x.numel() == 0 || x.dim() == 0) return clone(x, site);
  const std::int64_t n = x.sizes()[axis], by = ((shift % n) + n) % n;
  return cat({narrow(x, axis, n - by, by, site), narrow(x, axis, 0, n - by, site)}, axis, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
