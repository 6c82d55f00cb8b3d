// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y[o][i][k] = x[o][i - before][k] + ... + x[o][i + after][k], as far as there are such elements; dense memory.
template <class T>
void window_sum(Cpu, const RowLayout& a, std::int64_t before, std::int64_t after, const T* x, T* y) {
  using R = register_t<T>;
  count_kernel("window_sum");
  const std::int64_t work = std::max<std::int64_t>(1, a.inner * (before + after + 1));
  parallel_for(a.outer * a.n, std::max<std::int64_t>(1, 32768 / work), [&](std::int64_t begin, std::int64_t end) {
    constexpr std::int64_t tile = 64;
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t o = row / a.n, i = row % a.n;
      const std::int64_t first = std::max<std::int64_t>(0, i - before), last = std::min(a.n - 1, i + after);
      for (std::int64_t from = 0; from < a.inner; from += tile) {
        const std::int64_t width = std::min(tile, a.inner - from);
        R sums[tile] = {};
        for (std::int64_t j = first; j <= last; ++j) {
          const T* const line = x + (o * a.n + j) * a.inner + from;
          for (std::int64_t k = 0; k < width; ++k) sums[k] += static_cast<R>(line[k]);
        }
        T* const out = y + row * a.inner + from;
        for (std::int64_t k = 0; k < width; ++k) out[k] = static_cast<T>(sums[k]);
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
