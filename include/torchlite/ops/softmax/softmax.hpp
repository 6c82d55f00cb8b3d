// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/softmax/softmax_op.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// e^x / sum(e^x) along a dimension, safe against overflow: one pass forward and one backward.
///   x [...] -> [...], same dtype
template <tensor_like X>
auto softmax(const X& x, std::int64_t dim, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "softmax needs a floating dtype; cast first: x.to<float>()");
  if constexpr (floating<value_t<X>>) return ops::softmax<false>("softmax", eval(x, site), dim, site);
}
/// The same of x as dtype To: softmax<double>(x, 0).
template <dtype To, tensor_like X>
auto softmax(const X& x, std::int64_t dim, Site site = Site::current()) {
  return softmax(make_expression<Cast<To>>(eval(x, site)), dim, site);
}

namespace nn::functional {
using torchlite::softmax;
}

}  // namespace torchlite::inline TORCHLITE_ABI
