// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/random/rand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Overwrites x with exponentially distributed numbers: density lambda * e^(-lambda t) for t > 0. Never 0.
/// Throws Error unless lambda > 0.
template <class T, class D>
const Tensor<T, D>& exponential_(const Tensor<T, D>& x, double lambda = 1, Generator& generator = default_generator()) {
  static_assert(floating<T>, "exponential_ needs a floating dtype; cast first: x.to<float>()");
  check<Error>(lambda > 0, "exponential_: a rate of {} is not positive", lambda);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()), random::words_per_element<T>);
  return random::overwrite("exponential_", x, [=, n = x.numel()](T* data) { backend::fill_exponential(Cpu{}, stream, data, n, lambda); });
}

}  // namespace torchlite::inline TORCHLITE_ABI
