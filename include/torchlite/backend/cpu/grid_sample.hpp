// SPDX-License-Identifier: BSD-3-Clause
// Sampling between elements on the CPU: places, which elements they are made of, and sums of elements with given weights.
// Results do not depend on the number of threads.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/grid_sample.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// See GridPlaces.
template <class T>
void grid_places(Cpu, std::int64_t count, const GridPlaces<T>& a) {
  parallel_for(count, 16384, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) a(i);
  });
}

/// See GridIndices.
template <class T>
void grid_indices(Cpu, std::int64_t batch, const GridIndices<T>& a) {
  parallel_for(batch * a.points, 4096, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) a(i);
  });
}

inline constexpr std::int64_t weighted_taps_block = 256;

/// Calls f(n, p0, p1) for blocks of the points of every item of the batch.
template <class F>
void weighted_taps_blocks(const WeightedTaps& s, F f) {
  const std::int64_t blocks = (s.points + weighted_taps_block - 1) / weighted_taps_block;
  parallel_for(s.batch * blocks, std::max<std::int64_t>(1, 128 / (s.channels * s.taps)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t p0 = r % blocks * weighted_taps_block;
      f(r / blocks, p0, std::min(p0 + weighted_taps_block, s.points));
    }
  });
}

/// y[n, c, p] = sum over t of weight[n, t, p] x[n, c, index[n, t, p]].
template <class T>
void weighted_taps_forward(Cpu, const WeightedTaps& s, const std::int64_t* index, const T* weight, const T* x, T* y) {
  weighted_taps_blocks(s, [&](std::int64_t n, std::int64_t p0, std::int64_t p1) {
    for (std::int64_t c = n * s.channels; c < (n + 1) * s.channels; ++c) {
      const T* plane = x + c * s.size;
      T* to = y + c * s.points;
      std::fill(to + p0, to + p1, T{});
      for (std::int64_t t = n * s.taps; t < (n + 1) * s.taps; ++t) {
        const std::int64_t* at = index + t * s.points;
        const T* w = weight + t * s.points;
        for (std::int64_t p = p0; p < p1; ++p) to[p] += w[p] * (at[p] >= 0 ? plane[at[p]] : T{});
      }
    }
  });
}

/// dx, from dy: what each element gave.
template <class T>
void weighted_taps_backward_input(Cpu, const WeightedTaps& s, const std::int64_t* index, const T* weight, const T* dy, T* dx) {
  parallel_for(s.batch * s.channels, std::max<std::int64_t>(1, 32768 / (s.size + s.points * s.taps + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t c = begin; c < end; ++c) {
                   const T* from = dy + c * s.points;
                   T* plane = dx + c * s.size;
                   std::fill_n(plane, s.size, T{});
                   for (std::int64_t t = c / s.channels * s.taps; t < (c / s.channels + 1) * s.taps; ++t) {
                     const std::int64_t* at = index + t * s.points;
                     const T* w = weight + t * s.points;
                     for (std::int64_t p = 0; p < s.points; ++p)
                       if (at[p] >= 0) plane[at[p]] += w[p] * from[p];
                   }
                 }
               });
}

/// dweight[n, t, p] = sum over c of dy[n, c, p] x[n, c, index[n, t, p]].
template <class T>
void weighted_taps_backward_weight(Cpu, const WeightedTaps& s, const std::int64_t* index, const T* dy, const T* x, T* dweight) {
  weighted_taps_blocks(s, [&](std::int64_t n, std::int64_t p0, std::int64_t p1) {
    for (std::int64_t t = n * s.taps; t < (n + 1) * s.taps; ++t) {
      const std::int64_t* at = index + t * s.points;
      T* to = dweight + t * s.points;
      std::fill(to + p0, to + p1, T{});
      for (std::int64_t c = n * s.channels; c < (n + 1) * s.channels; ++c) {
        const T* plane = x + c * s.size;
        const T* from = dy + c * s.points;
        for (std::int64_t p = p0; p < p1; ++p) to[p] += from[p] * (at[p] >= 0 ? plane[at[p]] : T{});
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
