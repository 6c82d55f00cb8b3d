// SPDX-License-Identifier: BSD-3-Clause
// Dimensions of size 1 removed and added; nothing is copied.
#pragma once
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x without those of the given dimensions that have size 1.
///   x [2, 1, 3, 1], {1, 2} -> [2, 3, 1]
template <tensor_like X>
tensor_of<X> squeeze(const X& x_, const Shape& dims, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  unsigned named = 0;
  for (std::int64_t d : dims) named |= 1u << normalize_axis("squeeze", d, x.dim());
  Shape sizes, strides;
  for (int d = 0; d < x.dim(); ++d) {
    if (((named >> d) & 1u) != 0 && x.sizes()[d] == 1) continue;
    sizes.push_back(x.sizes()[d]);
    strides.push_back(x.strides()[d]);
  }
  return autograd::record_view("squeeze", site, x, sizes, strides, x.storage_offset(), autograd::reshape_to(x.sizes()));
}
/// x without dimension dim if that has size 1.
template <tensor_like X>
tensor_of<X> squeeze(const X& x, std::int64_t dim, Site site = Site::current()) {
  return squeeze(x, Shape{dim}, site);
}
/// x without its dimensions of size 1.
template <tensor_like X>
tensor_of<X> squeeze(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  Shape dims;
  for (int d = 0; d < x.dim(); ++d) dims.push_back(d);
  return squeeze(x, dims, site);
}

/// x with a new dimension of size 1 at position dim, in [-rank - 1, rank].
///   x [2, 3], 1 -> [2, 1, 3]
template <tensor_like X>
tensor_of<X> unsqueeze(const X& x_, std::int64_t dim, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int at = normalize_axis("unsqueeze", dim, x.dim() + 1);
  Shape sizes = x.sizes(), strides = x.strides();
  strides.insert(at, at < x.dim() ? sizes[at] * strides[at] : 1);
  sizes.insert(at, 1);
  return autograd::record_view("unsqueeze", site, x, sizes, strides, x.storage_offset(), autograd::reshape_to(x.sizes()));
}

}  // namespace torchlite::inline TORCHLITE_ABI
