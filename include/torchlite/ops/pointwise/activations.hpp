// SPDX-License-Identifier: BSD-3-Clause
// Pointwise functions that take numbers as well as tensors.
#pragma once
#include <torchlite/ops/pointwise/celu.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/elu.hpp>
#include <torchlite/ops/pointwise/hardshrink.hpp>
#include <torchlite/ops/pointwise/hardtanh.hpp>
#include <torchlite/ops/pointwise/leaky_relu.hpp>
#include <torchlite/ops/pointwise/softplus.hpp>
#include <torchlite/ops/pointwise/softshrink.hpp>
#include <torchlite/ops/pointwise/threshold.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x for positive x, negative_slope * x otherwise.
template <tensor_like X>
auto leaky_relu(X&& x, double negative_slope = 0.01) {
  return make_expression<pointwise::LeakyRelu>(std::forward<X>(x), negative_slope);
}
/// x for positive x, alpha * (e^x - 1) otherwise.
template <tensor_like X>
auto elu(X&& x, double alpha = 1.0) {
  return make_expression<pointwise::Elu>(std::forward<X>(x), alpha);
}
/// x for positive x, alpha * (e^(x / alpha) - 1) otherwise.
template <tensor_like X>
auto celu(X&& x, double alpha = 1.0) {
  check<Error>(alpha != 0, "celu: alpha is 0; the formula divides by it, so that it must not be 0");
  return make_expression<pointwise::Celu>(std::forward<X>(x), alpha);
}
/// log(1 + e^(beta * x)) / beta; x where beta * x is above threshold.
template <tensor_like X>
auto softplus(X&& x, double beta = 1.0, double threshold = 20.0) {
  return make_expression<pointwise::Softplus>(std::forward<X>(x), beta, threshold);
}
/// x limited to [min_val, max_val]; unlike clamp's, the gradient is 0 at the bounds.
/// Throws Error if min_val is above max_val.
template <tensor_like X>
auto hardtanh(X&& x, double min_val = -1.0, double max_val = 1.0) {
  check<Error>(min_val <= max_val, "hardtanh: min_val is {} and max_val is {}; min_val must not be above max_val", min_val, max_val);
  return make_expression<pointwise::Hardtanh>(std::forward<X>(x), min_val, max_val);
}
/// x where |x| > lambda, else 0.
template <tensor_like X>
auto hardshrink(X&& x, double lambda = 0.5) {
  return make_expression<pointwise::Hardshrink>(std::forward<X>(x), lambda);
}
/// x moved towards 0 by lambda.
template <tensor_like X>
auto softshrink(X&& x, double lambda = 0.5) {
  check<Error>(lambda >= 0, "softshrink: lambda is {}; it must not be negative", lambda);
  return make_expression<pointwise::Softshrink>(std::forward<X>(x), lambda);
}
/// x where x > limit, else value.
template <tensor_like X>
auto threshold(X&& x, double limit, double value) {
  return make_expression<pointwise::Threshold>(std::forward<X>(x), limit, value);
}
}  // namespace torchlite::inline TORCHLITE_ABI
