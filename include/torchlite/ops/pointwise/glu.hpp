// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/sigmoid.hpp>
#include <torchlite/ops/shape/slice.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// a * sigmoid(b), a and b being the two halves of x along a dimension.
///   x [..., 2 n, ...] -> [..., n, ...]
/// Throws ShapeError if the dimension's size is odd, or x has no dimensions.
/// Source: Dauphin et al., Language modeling with gated convolutional networks, 2016.
template <tensor_like X>
auto glu(const X& x_, std::int64_t dim = -1, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() > 0, "glu: a tensor without dimensions has no halves");
  const int axis = normalize_axis("glu", dim, x.dim());
  const std::int64_t size = x.sizes()[axis];
  check<ShapeError>(size % 2 == 0, "glu: dimension {} has size {}; the size that is halved must be even", axis, size);
  return mul(narrow(x, axis, 0, size / 2, site), sigmoid(narrow(x, axis, size / 2, size / 2, site)));
}

namespace nn::functional {
using torchlite::glu;
}

}  // namespace torchlite::inline TORCHLITE_ABI
