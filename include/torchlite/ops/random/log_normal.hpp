// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/random/rand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Overwrites x with e^z for normal z of the given mean and standard deviation.
/// Throws Error unless std > 0.
template <class T, class D>
const Tensor<T, D>& log_normal_(const Tensor<T, D>& x, double mean = 1, double std = 2, Generator& generator = default_generator()) {
  static_assert(floating<T>, "log_normal_ needs a floating dtype; cast first: x.to<float>()");
  check<Error>(std > 0, "log_normal_: a standard deviation of {} is not positive", std);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()), random::words_per_element<T>);
  return random::overwrite("log_normal_", x, [=, n = x.numel()](T* data) { backend::fill_log_normal(Cpu{}, stream, data, n, mean, std); });
}

}  // namespace torchlite::inline TORCHLITE_ABI
