// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/random/rand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// 1 with probability p, else 0, each element on its own.
///   -> sizes
/// Throws Error unless 0 <= p <= 1.
template <dtype T, device D = Cpu>
Tensor<T, D> bernoulli(const Shape& sizes, double p, Generator& generator = default_generator()) {
  check<Error>(p >= 0 && p <= 1, "bernoulli: probability {} is not in [0, 1]", p);
  const Tensor<T, D> out = empty<T, D>(sizes);
  const std::int64_t n = out.numel();
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(n));
  random::draw(out, [=](T* data) { backend::fill_bernoulli(Cpu{}, stream, data, n, p); });
  return out;
}

/// 1 with the probability that the element of p says, else 0; no gradient flows through it.
///   p [...] -> [...]
template <tensor_like P>
tensor_of<P> bernoulli(const P& p_, Generator& generator = default_generator()) {
  static_assert(floating<value_t<P>>, "bernoulli needs probabilities of a floating dtype; cast first: x.to<float>()");
  const NoGradGuard no_grad;
  const auto& p = eval(p_);
  return to<value_t<P>>(lt(rand<value_t<P>, device_t<P>>(p.sizes(), generator), p)).eval();
}

}  // namespace torchlite::inline TORCHLITE_ABI
