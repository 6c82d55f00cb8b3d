// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/neg.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// softmax(-x) along a dimension.
///   x [...] -> [...], same dtype
template <tensor_like X>
auto softmin(const X& x, std::int64_t dim, Site site = Site::current()) {
  return softmax(neg(eval(x, site)), dim, site);
}
/// The same of x as dtype To: softmin<double>(x, 0).
template <dtype To, tensor_like X>
auto softmin(const X& x, std::int64_t dim, Site site = Site::current()) {
  return softmax<To>(neg(eval(x, site)), dim, site);
}

namespace nn::functional {
using torchlite::softmin;
}

}  // namespace torchlite::inline TORCHLITE_ABI
