// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/expand.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI {
namespace linalg {

/// The vector product along a dimension of size 3; the others broadcast.
///   a [..., 3], b [..., 3] -> [..., 3], in the promoted dtype
template <tensor_like A, tensor_like B>
auto cross(const A& a_, const B& b_, std::int64_t dim = -1, Site site = Site::current()) {
  const auto& a0 = eval(a_, site);
  const auto& b0 = eval(b_, site);
  check<ShapeError>(a0.dim() == b0.dim(), "linalg.cross: operands have shapes {} and {}; both must have as many dimensions",
                    a0.sizes().str(), b0.sizes().str());
  const Shape sizes = broadcast_shapes("linalg.cross", a0.sizes(), b0.sizes());
  const int axis = normalize_axis("linalg.cross", dim, sizes.rank());
  check<ShapeError>(sizes.rank() > 0 && a0.sizes()[axis] == 3 && b0.sizes()[axis] == 3,
                    "linalg.cross: operands have shapes {} and {}; both must have size 3 in dimension {}", a0.sizes().str(),
                    b0.sizes().str(), axis);
  const auto part = [axis, site](const auto& x, std::int64_t i) { return narrow(x, axis, i % 3, 1, site); };
  const auto element = [&](std::int64_t i) { return (part(a0, i + 1) * part(b0, i + 2) - part(a0, i + 2) * part(b0, i + 1)).eval(site); };
  return cat({element(0), element(1), element(2)}, axis, site);
}

}  // namespace linalg

/// linalg::cross along the first dimension of size 3, if none is given.
template <tensor_like A, tensor_like B>
auto cross(const A& a_, const B& b_, std::optional<std::int64_t> dim = {}, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  const auto& b = eval(b_, site);
  if (!dim) {
    const Shape sizes = broadcast_shapes("cross", a.sizes(), b.sizes());
    for (int d = 0; d < sizes.rank() && !dim; ++d)
      if (sizes[d] == 3) dim = d;
    check<ShapeError>(dim.has_value(), "cross: operands have shapes {} and {}; no dimension has size 3", a.sizes().str(), b.sizes().str());
  }
  return linalg::cross(a, b, *dim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
