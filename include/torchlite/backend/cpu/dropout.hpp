// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/random.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y[i] = x[i] * scale where draw i of the stream succeeds with probability keep, else 0; dense memory.
template <class T>
void dropout(Cpu, RandomStream stream, double keep, double scale, std::int64_t n, const T* x, T* y) {
  using R = register_t<T>;
  count_kernel("dropout");
  constexpr std::int64_t tile = random_tile;
  const std::uint32_t threshold = bernoulli_threshold(keep);
  const R factor = static_cast<R>(scale);
  parallel_for((n + tile - 1) / tile, 32, [&](std::int64_t begin, std::int64_t end) {
    std::uint32_t words[tile];
    for (std::int64_t t = begin; t < end; ++t) {
      random_bits_tile(stream, static_cast<std::uint64_t>(t), words);
      const T* const from = x + t * tile;
      T* const to = y + t * tile;
      if ((t + 1) * tile <= n) {
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < tile; ++i)
          to[i] = static_cast<T>(math::select(bernoulli(words[i], threshold), static_cast<R>(from[i]) * factor, R(0)));
      } else {
        for (std::int64_t i = 0; i < n - t * tile; ++i)
          to[i] = static_cast<T>(math::select(bernoulli(words[i], threshold), static_cast<R>(from[i]) * factor, R(0)));
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
