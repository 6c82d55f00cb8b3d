// SPDX-License-Identifier: BSD-3-Clause
// The functions of PyTorch's softmax that its own code calls by an underscore.
#pragma once
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

/// softmax along a dimension, 0 rather than NaN where all elements are -inf: rows that are masked out.
///   x [...] -> [...], same dtype
template <tensor_like X>
tensor_of<X> safe_softmax(const X& x_, std::int64_t dim, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "safe_softmax needs a floating dtype; cast first: x.to<float>()");
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  const int axis = normalize_axis("safe_softmax", dim, x.dim());
  if (x.numel() == 0) return softmax(x, axis, site);
  const Tensor<bool, D> nothing = eq(amax(x.detach(), axis, true), -std::numeric_limits<double>::infinity());
  // Taken out before the softmax, so that no NaN gets into the gradient.
  return where(nothing, 0, softmax(where(nothing, 0, x), axis, site));
}

/// The gradient of softmax from its result: output (g - sum(g output)) along the dimension.
///   g, output [...] -> [...]
template <class T, class D>
Tensor<T, D> softmax_backward_data(const Tensor<T, D>& g, const Tensor<T, D>& output, std::int64_t dim, Site site = Site::current()) {
  const int axis = normalize_axis("softmax_backward_data", dim, output.dim());
  check_devices("softmax_backward_data", g, output);
  check<ShapeError>(g.sizes() == output.sizes(),
                    "softmax_backward_data: a gradient of shape {} for a result of shape {}; they must be equal", g.sizes().str(),
                    output.sizes().str());
  if (autograd::needed(g, output)) return Tensor<T, D>(output * (g - sum(g * output, axis, true, site)));
  const Tensor<T, D> dx = empty<T, D>(g.sizes()), from = ops::dense(output), from_g = ops::dense(g);
  if (dx.numel() > 0)
    softmax_backward<false>(D{}, ops::rows_around(g.sizes(), axis), static_cast<const T*>(from.data()),
                            static_cast<const T*>(from_g.data()), dx.data());
  return dx;
}

}  // namespace torchlite::inline TORCHLITE_ABI
