// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/random/bernoulli.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

TORCHLITE_COLD inline void check_dropout(const char* op, double p) {
  check<Error>(p >= 0 && p <= 1, "{}: p is {}; it must be in [0, 1]", op, p);
}

/// 1 with probability 1 - p, else 0, one number for each of the first `leading` dimensions' positions; broadcasts to x.
template <class T, class D>
Tensor<T, D> feature_noise(const Tensor<T, D>& x, int leading, double p) {
  Shape sizes = Shape::filled(x.dim(), 1);
  for (int d = 0; d < leading; ++d) sizes[d] = x.sizes()[d];
  return bernoulli<T, D>(sizes, 1 - p);
}

template <tensor_like X>
tensor_of<X> drop_features(const char* op, const X& x_, double p, bool training, int leading, Site site) {
  static_assert(floating<value_t<X>>, "dropout needs a floating dtype; cast first: x.to<float>()");
  check_dropout(op, p);
  const tensor_of<X>& x = eval(x_, site);
  if (!training || p == 0 || x.numel() == 0) return x;
  check<ShapeError>(x.dim() >= leading, "{}: the input of shape {} has no channels; it must be [N, C, ...]", op, x.sizes().str());
  return x * feature_noise(x, leading, p) * (p < 1 ? 1 / (1 - p) : 0);
}

}  // namespace ops

/// In training whole channels of an example are 0 with probability p, the others x / (1 - p); otherwise x itself.
///   x [N, C, L] or [C, L] -> same
/// Source: Tompson et al., Efficient object localization using convolutional networks, CVPR 2015.
template <tensor_like X>
tensor_of<X> dropout1d(const X& x_, double p = 0.5, bool training = true, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() == 2 || x.dim() == 3, "dropout1d: the input has shape {}; it must be [N, C, L] or [C, L]", x.sizes().str());
  return ops::drop_features("dropout1d", x, p, training, x.dim() == 3 ? 2 : 1, site);
}
/// The same for images; as in PyTorch an input [N, C, L] is taken for examples of one dimension.
///   x [N, C, H, W] -> same
template <tensor_like X>
tensor_of<X> dropout2d(const X& x, double p = 0.5, bool training = true, Site site = Site::current()) {
  return ops::drop_features("dropout2d", x, p, training, 2, site);
}
/// The same for volumes.
///   x [N, C, D, H, W] or [C, D, H, W] -> same
template <tensor_like X>
tensor_of<X> dropout3d(const X& x_, double p = 0.5, bool training = true, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return ops::drop_features("dropout3d", x, p, training, x.dim() == 5 ? 2 : 1, site);
}

namespace nn::functional {
using torchlite::dropout1d, torchlite::dropout2d, torchlite::dropout3d;
}

}  // namespace torchlite::inline TORCHLITE_ABI
