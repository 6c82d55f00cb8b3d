// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/shape/record_view.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
inline auto diagonal_at(std::int64_t offset, int a, int b) {
  return [offset, a, b](const auto& t) { return diagonal(t, offset, a, b); };
}
}  // namespace autograd

/// The elements at equal indices of dimensions dim1 and dim2, as a last dimension; dim2's index is larger by offset.
///   x [m, n, b], offset, 0, 1 -> [b, k], element [i, j] being x[j, j + offset, i]; shares memory
template <tensor_like X>
tensor_of<X> diagonal(const X& x_, std::int64_t offset = 0, std::int64_t dim1 = 0, std::int64_t dim2 = 1, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int a = normalize_axis("diagonal", dim1, x.dim()), b = normalize_axis("diagonal", dim2, x.dim());
  check<ShapeError>(x.dim() >= 2 && a != b, "diagonal: dimensions {} and {} of a tensor of shape {} are not two different ones", dim1, dim2,
                    x.sizes().str());
  const std::int64_t m = x.sizes()[a], n = x.sizes()[b];
  const std::int64_t length = std::max<std::int64_t>(0, offset >= 0 ? std::min(m, n - offset) : std::min(m + offset, n));
  const std::int64_t skip = length == 0 ? 0 : (offset >= 0 ? offset * x.strides()[b] : -offset * x.strides()[a]);
  Shape sizes, strides;
  for (int d = 0; d < x.dim(); ++d) {
    if (d == a || d == b) continue;
    sizes.push_back(x.sizes()[d]);
    strides.push_back(x.strides()[d]);
  }
  sizes.push_back(length);
  strides.push_back(x.strides()[a] + x.strides()[b]);
  return autograd::record_view("diagonal", site, x, sizes, strides, x.storage_offset() + skip,
                               autograd::embed_in("diagonal_backward", x.sizes(), autograd::diagonal_at(offset, a, b)));
}

}  // namespace torchlite::inline TORCHLITE_ABI
