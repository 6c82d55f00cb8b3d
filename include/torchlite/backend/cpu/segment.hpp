// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/backend/reducer.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// out[s][k] = the largest (or smallest) of x[first[s]][k] ... x[first[s] + length[s] - 1][k], or `initial` of none; rows of `width` elements.
template <bool Largest, class T>
void segment_extreme(Cpu, const T* x, std::int64_t width, const std::int64_t* first, const std::int64_t* length, std::int64_t segments,
                     double initial, T* out) {
  using R = register_t<T>;
  count_kernel("segment_extreme");
  parallel_for(segments, 64, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t s = begin; s < end; ++s)
      for (std::int64_t k = 0; k < width; ++k) {
        R best = static_cast<R>(initial);
        for (std::int64_t i = 0; i < length[s]; ++i) {
          const R v = static_cast<R>(x[(first[s] + i) * width + k]);
          best = Largest ? math::max(best, v) : math::min(best, v);
        }
        out[s * width + k] = static_cast<T>(best);
      }
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
