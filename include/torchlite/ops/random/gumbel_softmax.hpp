// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/random/exponential.hpp>
#include <torchlite/ops/reduce/max.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// A random choice along dim that has a gradient: softmax((logits + gumbel) / tau), gumbel = -log of exponential noise. With
/// hard the result is one-hot, and the gradient is that of the soft one.
///   logits [...] -> [...], sums of 1 along dim
/// Source: Jang et al., Categorical reparameterization with Gumbel-softmax, ICLR 2017.
template <tensor_like X>
tensor_of<X> gumbel_softmax(const X& logits_, double tau = 1, bool hard = false, std::int64_t dim = -1, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(floating<T>, "gumbel_softmax needs a floating dtype; cast first: x.to<float>()");
  check<Error>(tau > 0, "gumbel_softmax: a temperature of {}; it must be positive", tau);
  const Tensor<T, D>& logits = eval(logits_, site);
  const Tensor<T, D> noise = empty<T, D>(logits.sizes());
  exponential_(noise);
  const Tensor<T, D> soft = softmax(Tensor<T, D>((logits - log(noise)) / tau), dim, site);
  if (!hard) return soft;
  const auto index = max(soft.detach(), dim, true).indices;
  const Tensor<T, D> one_hot = scatter(zeros<T, D>(soft.sizes()), dim, index, 1.0);
  return Tensor<T, D>(one_hot - soft.detach() + soft);
}

namespace nn::functional {
using torchlite::gumbel_softmax;
}

}  // namespace torchlite::inline TORCHLITE_ABI
