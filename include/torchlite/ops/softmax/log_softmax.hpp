// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/softmax/softmax_op.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x - log(sum(e^x)) along a dimension, safe against overflow: one pass forward and one backward.
///   x [...] -> [...], same dtype
template <tensor_like X>
auto log_softmax(const X& x, std::int64_t dim, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "log_softmax needs a floating dtype; cast first: x.to<float>()");
  if constexpr (floating<value_t<X>>) return ops::softmax<true>("log_softmax", eval(x, site), dim, site);
}
/// The same of x as dtype To: log_softmax<double>(x, 0).
template <dtype To, tensor_like X>
auto log_softmax(const X& x, std::int64_t dim, Site site = Site::current()) {
  return log_softmax(make_expression<Cast<To>>(eval(x, site)), dim, site);
}

namespace nn::functional {
using torchlite::log_softmax;
}

}  // namespace torchlite::inline TORCHLITE_ABI
