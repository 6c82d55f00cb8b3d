// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/random/feature_dropout.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

template <tensor_like X>
tensor_of<X> drop_to_alpha(const char* op, const X& x_, double p, bool training, bool features, Site site) {
  static_assert(floating<value_t<X>>, "alpha_dropout needs a floating dtype; cast first: x.to<float>()");
  using Y = tensor_of<X>;
  check_dropout(op, p);
  const Y& x = eval(x_, site);
  if (!training || p == 0 || x.numel() == 0) return x;
  check<ShapeError>(!features || x.dim() >= 2, "{}: the input of shape {} has no channels; it must be [N, C, ...]", op, x.sizes().str());
  if (p == 1) return x * 0;
  const Y noise = feature_noise(x, features ? 2 : x.dim(), p);
  constexpr double alpha = 1.7580993408473766;  // minus selu's limit at -infinity
  const double a = 1 / __builtin_sqrt((alpha * alpha * p + 1) * (1 - p));
  return x * noise * a + ((noise - 1) * (alpha * a) + alpha * a * p);
}

}  // namespace ops

/// Dropout for selu networks: in training dropped elements become selu's negative limit, and all are then scaled and shifted so that mean 0 and
/// variance 1 stay as they are; otherwise x itself.
///   x [...] -> [...]
/// Source: Klambauer et al., Self-normalizing neural networks, NIPS 2017.
template <tensor_like X>
tensor_of<X> alpha_dropout(const X& x, double p = 0.5, bool training = false, Site site = Site::current()) {
  return ops::drop_to_alpha("alpha_dropout", x, p, training, false, site);
}

/// The same for whole channels of an example.
///   x [N, C, ...] -> same
template <tensor_like X>
tensor_of<X> feature_alpha_dropout(const X& x, double p = 0.5, bool training = false, Site site = Site::current()) {
  return ops::drop_to_alpha("feature_alpha_dropout", x, p, training, true, site);
}

namespace nn::functional {
using torchlite::alpha_dropout, torchlite::feature_alpha_dropout;
}

}  // namespace torchlite::inline TORCHLITE_ABI
