// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/add.hpp>
#include <torchlite/ops/pointwise/prelu.hpp>
#include <torchlite/ops/random/rand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x for positive x, slope * x otherwise. In training each element has a slope of its own, uniform in [lower, upper);
/// otherwise it is (lower + upper) / 2.
///   x [...] -> [...]
/// Throws Error if lower is above upper or one is not finite.
/// Source: Xu et al., Empirical evaluation of rectified activations, 2015.
template <tensor_like X>
auto rrelu(const X& x_, double lower = 1.0 / 8, double upper = 1.0 / 3, bool training = false, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "rrelu needs a floating dtype; cast first: x.to<float>()");
  check<Error>(lower <= upper && upper - lower < 1e308, "rrelu: lower is {} and upper is {}; lower must not be above upper", lower, upper);
  const auto& x = eval(x_, site);
  using T = value_t<X>;
  using D = device_t<X>;
  Tensor<T, D> slope = training ? rand<T, D>(x.sizes()) : empty<T, D>({});
  if (!training) fill_elements(slope, static_cast<T>((lower + upper) / 2));
  const double scale = training ? upper - lower : 1.0, least = training ? lower : 0.0;
  return make_expression<pointwise::Prelu>(x, add(mul(std::move(slope), scale), least));
}

namespace nn::functional {
using torchlite::rrelu;
}

}  // namespace torchlite::inline TORCHLITE_ABI
