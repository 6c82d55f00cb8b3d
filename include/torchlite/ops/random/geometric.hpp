// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/random/rand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Overwrites x with the number of trials up to the first success: k = 1, 2, ... with probability (1 - p)^(k - 1) * p.
/// Throws Error unless 0 < p < 1.
template <class T, class D>
const Tensor<T, D>& geometric_(const Tensor<T, D>& x, double p, Generator& generator = default_generator()) {
  check<Error>(p > 0 && p < 1, "geometric_: probability {} is not in (0, 1)", p);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()), 2);
  return random::overwrite("geometric_", x, [=, n = x.numel()](T* data) { backend::fill_geometric(Cpu{}, stream, data, n, p); });
}

}  // namespace torchlite::inline TORCHLITE_ABI
