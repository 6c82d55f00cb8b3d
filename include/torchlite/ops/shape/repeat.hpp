// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x repeated times[d] times along dimension d, copied; missing dimensions are added in front.
///   x [3, 2], {2, 1, 4} -> [2, 3, 8]
/// Throws ShapeError if times has fewer entries than x has dimensions or a negative one.
template <tensor_like X>
tensor_of<X> repeat(const X& x_, const Shape& times, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(times.rank() >= x.dim(), "repeat: {} has fewer entries than a tensor of shape {} has dimensions", times.str(),
                    x.sizes().str());
  Shape sizes = x.sizes();
  while (sizes.rank() < times.rank()) sizes.insert(0, 1);
  tensor_of<X> out = view(contiguous(x, site), sizes, site);
  bool fresh = !x.is_contiguous();
  for (int d = times.rank() - 1; d >= 0; --d) {
    check<ShapeError>(times[d] >= 0, "repeat: {} in {} is negative", times[d], times.str());
    if (times[d] == 1) continue;
    Shape repeated = sizes;
    repeated.insert(d, times[d]);
    sizes[d] *= times[d];
    out = reshape(clone(expand(unsqueeze(out, d, site), repeated, site), site), sizes, site);
    fresh = true;
  }
  return fresh ? out : clone(out, site);
}

/// repeat, with missing entries of times added in front as 1.
template <tensor_like X>
tensor_of<X> tile(const X& x_, const Shape& times, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  Shape full = times;
  while (full.rank() < x.dim()) full.insert(0, 1);
  return repeat(x, full, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
