// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/norm.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The p-norm of x1 - x2 + eps along the last dimension.
///   x1 [..., C], x2 [..., C], broadcast -> [...] ([..., 1] with keepdim)
template <tensor_like A, tensor_like B>
tensor_of<A> pairwise_distance(const A& x1, const B& x2, double p = 2, double eps = 1e-6, bool keepdim = false,
                               Site site = Site::current()) {
  static_assert(floating<value_t<A>>, "pairwise_distance needs a floating dtype; cast first: x.to<float>()");
  const auto& a = eval(x1, site);
  const auto& b = eval(x2, site);
  check<ShapeError>(a.dim() > 0 || b.dim() > 0, "pairwise_distance: tensors without dimensions; they must be [..., C]");
  return norm(tensor_of<A>(a - b + eps), p, -1, keepdim, site);
}

namespace nn::functional {
using torchlite::pairwise_distance;
}

}  // namespace torchlite::inline TORCHLITE_ABI
