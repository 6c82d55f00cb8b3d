// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/reduce_run.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/backend/layout.hpp>
#include <torchlite/core/dtype.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Mean and (biased) variance of each channel; a channel's second pass finds its first one in the cache.
template <class T>
void batch_norm_moments(Cpu, const ChannelLayout& s, const T* x, register_t<T>* means, register_t<T>* variances) {
  using R = register_t<T>;
  count_kernel("batch_norm_moments");
  parallel_for(s.channels, s.grain(), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      double sum = 0, squares = 0;
      for (std::int64_t n = 0; n < s.batch; ++n) {
        const T* const p = x + s.at(n, c);
        sum += sum_values<R>(s.plane, [p](std::int64_t i) { return static_cast<R>(p[i]); });
      }
      const R mean = static_cast<R>(sum / s.count());
      for (std::int64_t n = 0; n < s.batch; ++n) {
        const T* const p = x + s.at(n, c);
        squares += sum_values<R>(s.plane, [p, mean](std::int64_t i) {
          const R d = static_cast<R>(p[i]) - mean;
          return d * d;
        });
      }
      means[c] = mean;
      variances[c] = static_cast<R>(squares / s.count());
    }
  });
}

/// y = (x - mean) * scale + shift with numbers per channel; shift may be null.
template <class T>
void batch_norm_apply(Cpu, const ChannelLayout& s, const T* x, const register_t<T>* means, const register_t<T>* scales, const T* shifts,
                      T* y) {
  using R = register_t<T>;
  count_kernel("batch_norm_apply");
  parallel_for(s.batch * s.channels, std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(s.plane, 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t k = begin; k < end; ++k) {
                   const R mean = means[k % s.channels], scale = scales[k % s.channels],
                           shift = shifts == nullptr ? R(0) : static_cast<R>(shifts[k % s.channels]);
                   const T* const from = x + k * s.plane;
                   T* const to = y + k * s.plane;
                   each_value(s.plane, [=](std::int64_t i) { to[i] = static_cast<T>((static_cast<R>(from[i]) - mean) * scale + shift); });
                 }
               });
}

/// All gradients: with sum_g and sum_gx the sums of g and of g (x - mean) rstd of a channel, dx is scale (g - sum_g / count - (x - mean) rstd sum_gx /
/// count) if mean and variance came from x itself, else scale g. dx may be null.
template <class T>
void batch_norm_backward(Cpu, const ChannelLayout& s, bool own, const T* x, const T* g, const register_t<T>* means,
                         const register_t<T>* rstds, const register_t<T>* scales, T* dx, register_t<T>* sums_g, register_t<T>* sums_gx) {
  using R = register_t<T>;
  count_kernel("batch_norm_backward");
  parallel_for(s.channels, s.grain(), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      const R mean = means[c], rstd = rstds[c], scale = scales[c];
      double sum_g = 0, sum_gx = 0;
      for (std::int64_t n = 0; n < s.batch; ++n) {
        const T *const p = x + s.at(n, c), *const q = g + s.at(n, c);
        sum_g += sum_values<R>(s.plane, [q](std::int64_t i) { return static_cast<R>(q[i]); });
        sum_gx += sum_values<R>(s.plane, [p, q, mean](std::int64_t i) { return static_cast<R>(q[i]) * (static_cast<R>(p[i]) - mean); });
      }
      sums_g[c] = static_cast<R>(sum_g);
      sums_gx[c] = static_cast<R>(sum_gx) * rstd;
      if (dx == nullptr) continue;
      const R along = own ? static_cast<R>(sum_gx * static_cast<double>(rstd * rstd) / s.count()) * scale : R(0);
      const R shift = own ? static_cast<R>(sum_g / s.count()) * scale : R(0);
      for (std::int64_t n = 0; n < s.batch; ++n) {
        const T *const p = x + s.at(n, c), *const q = g + s.at(n, c);
        T* const to = dx + s.at(n, c);
        each_value(s.plane, [=](std::int64_t i) {
          to[i] = static_cast<T>(static_cast<R>(q[i]) * scale - (static_cast<R>(p[i]) - mean) * along - shift);
        });
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
