// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Running sums along the middle of dense memory [outer, n, inner], from the end if reverse; carried in double or int64.
template <class T, class Out>
void cumulative_sum(Cpu, std::int64_t outer, std::int64_t n, std::int64_t inner, bool reverse, const T* x, Out* y) {
  using State = std::conditional_t<complex_number<T>, std::complex<double>, std::conditional_t<floating<T>, double, std::int64_t>>;
  count_kernel();
  constexpr std::int64_t tile = 64;
  const std::int64_t tiles = (inner + tile - 1) / tile;
  parallel_for(outer * tiles, std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(1, n * std::min(inner, tile))),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t t = begin; t < end; ++t) {
                   const std::int64_t first = t % tiles * tile, width = std::min(tile, inner - first);
                   State sums[tile] = {};
                   for (std::int64_t i = 0; i < n; ++i) {
                     const std::int64_t at = (t / tiles * n + (reverse ? n - 1 - i : i)) * inner + first;
                     for (std::int64_t k = 0; k < width; ++k) {
                       sums[k] += static_cast<State>(x[at + k]);
                       y[at + k] = static_cast<Out>(sums[k]);
                     }
                   }
                 }
               });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
