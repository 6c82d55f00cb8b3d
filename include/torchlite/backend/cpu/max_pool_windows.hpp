// SPDX-License-Identifier: BSD-3-Clause
// Maximum pooling with windows of any kind, along up to three axes, on the CPU.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/pool.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y, and where in its plane each element came from. Ties go to the first element of the window, a NaN wins over every number.
///   x [planes, in, in, in] -> y and indices [planes, out, out, out]
template <class T, class I>
void max_pool_windows_forward(Cpu, const PoolWindows& w, const T* x, T* y, I* indices) {
  const PoolAxis &d = w.axes[0], &h = w.axes[1], &v = w.axes[2];
  const std::int64_t in = w.in_plane(), out = w.out_plane();
  constexpr T lowest =
      std::numeric_limits<T>::has_infinity ? static_cast<T>(-std::numeric_limits<T>::infinity()) : std::numeric_limits<T>::lowest();
  parallel_for(w.planes * d.out, std::max<std::int64_t>(1, 16384 * d.out / (in + out + 1)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t p = r / d.out;
      const std::size_t od = d.at(p, r % d.out);
      const T* plane = x + p * in;
      std::int64_t to = r * h.out * v.out;
      for (std::int64_t i = 0; i < h.out; ++i)
        for (std::int64_t j = 0; j < v.out; ++j, ++to) {
          const std::size_t oh = h.at(p, i), ow = v.at(p, j);
          T best = lowest;
          std::int64_t at = (d.start[od] * h.in + h.start[oh]) * v.in + v.start[ow];
          for (std::int64_t a = d.start[od]; a < d.end[od]; a += d.step)
            for (std::int64_t b = h.start[oh]; b < h.end[oh]; b += h.step) {
              const std::int64_t row = (a * h.in + b) * v.in;
              for (std::int64_t c = v.start[ow]; c < v.end[ow]; c += v.step) {
                const T value = plane[row + c];
                if (value > best || value != value) best = value, at = row + c;
              }
            }
          y[to] = best;
          indices[to] = static_cast<I>(at);
        }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
