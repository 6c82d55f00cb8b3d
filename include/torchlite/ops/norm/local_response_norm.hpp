// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/window_sum.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// Sums of neighbours along an axis; its gradient is the same sum with both sides exchanged.
template <class T, class D>
Tensor<T, D> window_sum(const Tensor<T, D>& x, int axis, std::int64_t before, std::int64_t after, Site site) {
  check_devices("local_response_norm", x);
  Tensor<T, D> out = empty<T, D>(x.sizes());
  const Tensor<T, D> from = dense(x);
  window_sum(D{}, rows_around(x.sizes(), axis), before, after, static_cast<const T*>(from.data()), out.data());
  if (!autograd::needed(x)) return out;
  return autograd::record(
      "window_sum", site, std::move(out), autograd::inputs(x),
      [axis, before, after, site](const autograd::Pass&, const Tensor<T, D>& g) { return window_sum(g, axis, after, before, site); });
}

}  // namespace ops

/// x / (k + alpha * m)^beta, m being the mean of the squares in size neighbouring channels, channels outside counting as 0.
///   x [N, C, d1, ...] -> same
/// Source: Krizhevsky et al., ImageNet classification with deep convolutional neural networks, NIPS 2012.
template <tensor_like X>
tensor_of<X> local_response_norm(const X& x_, std::int64_t size, double alpha = 1e-4, double beta = 0.75, double k = 1,
                                 Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "local_response_norm needs a floating dtype; cast first: x.to<float>()");
  using Y = tensor_of<X>;
  const Y& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 3, "local_response_norm: the input has shape {}; it must be [N, C, d1, ...]", x.sizes().str());
  check<Error>(size > 0, "local_response_norm: size is {}; it must be positive", size);
  const Y sums = ops::window_sum(Y(square(x)), 1, size / 2, (size - 1) / 2, site);
  return x / pow(sums * (alpha / static_cast<double>(size)) + k, beta);
}

namespace nn::functional {
using torchlite::local_response_norm;
}

}  // namespace torchlite::inline TORCHLITE_ABI
