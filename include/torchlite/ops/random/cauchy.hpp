// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/random/rand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Overwrites x with numbers of a Cauchy distribution: density 1 / (pi * sigma * (1 + ((t - median) / sigma)^2)).
/// Throws Error unless sigma > 0.
template <class T, class D>
const Tensor<T, D>& cauchy_(const Tensor<T, D>& x, double median = 0, double sigma = 1, Generator& generator = default_generator()) {
  static_assert(floating<T>, "cauchy_ needs a floating dtype; cast first: x.to<float>()");
  check<Error>(sigma > 0, "cauchy_: a scale of {} is not positive", sigma);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()), random::words_per_element<T>);
  return random::overwrite("cauchy_", x, [=, n = x.numel()](T* data) { backend::fill_cauchy(Cpu{}, stream, data, n, median, sigma); });
}

}  // namespace torchlite::inline TORCHLITE_ABI
