// SPDX-License-Identifier: BSD-3-Clause
// Average pooling on the CPU, by windows of one size or by an even division of the plane (adaptive).
#pragma once
#include <torchlite/backend/cpu/dense_sum.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/pool.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The part of a plane that an element is the average of, and what its sum is divided by.
struct PoolWindow {
  std::int64_t h0, h1, w0, w1, divisor;

  static PoolWindow sliding(const Pool2dShape& s, AveragePooling how, std::int64_t oh, std::int64_t ow) {
    PoolWindow v;
    v.h0 = oh * s.stride_h - s.pad_h, v.w0 = ow * s.stride_w - s.pad_w;
    v.h1 = std::min(v.h0 + s.kernel_h, s.in_h + s.pad_h), v.w1 = std::min(v.w0 + s.kernel_w, s.in_w + s.pad_w);
    v.divisor = (v.h1 - v.h0) * (v.w1 - v.w0);
    v.h0 = std::max<std::int64_t>(v.h0, 0), v.w0 = std::max<std::int64_t>(v.w0, 0);
    v.h1 = std::min(v.h1, s.in_h), v.w1 = std::min(v.w1, s.in_w);
    if (!how.count_include_pad) v.divisor = (v.h1 - v.h0) * (v.w1 - v.w0);
    if (how.divisor_override != 0) v.divisor = how.divisor_override;
    if (v.divisor == 0) v.divisor = 1;
    return v;
  }
  /// Bins that cover the plane, neighbours overlapping by at most one element.
  static PoolWindow adaptive(const Pool2dShape& s, std::int64_t oh, std::int64_t ow) {
    PoolWindow v;
    v.h0 = oh * s.in_h / s.out_h, v.h1 = ((oh + 1) * s.in_h + s.out_h - 1) / s.out_h;
    v.w0 = ow * s.in_w / s.out_w, v.w1 = ((ow + 1) * s.in_w + s.out_w - 1) / s.out_w;
    v.divisor = (v.h1 - v.h0) * (v.w1 - v.w0);
    return v;
  }
};

/// y of any average pooling; window(oh, ow) says of what.
template <class T, class Window>
void pool_averages(const Pool2dShape& s, const T* x, T* y, Window window) {
  using A = register_t<T>;
  const std::int64_t in = s.in_plane(), out = s.out_plane();
  if (out <= 0) return;
  parallel_for(s.planes, std::max<std::int64_t>(1, 65536 / (in + out)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t oh = 0; oh < s.out_h; ++oh)
      for (std::int64_t ow = 0; ow < s.out_w; ++ow) {
        const PoolWindow v = window(oh, ow);
        const std::int64_t count = v.w1 - v.w0;
        for (std::int64_t p = begin; p < end; ++p) {
          const T* from = x + p * in + v.w0;
          A sum = 0;
          if (count == s.in_w && v.h1 > v.h0) sum = dense_sum(from + v.h0 * s.in_w, (v.h1 - v.h0) * s.in_w);
          else {
            for (std::int64_t h = v.h0; h < v.h1; ++h)
              for (std::int64_t w = 0; w < count; ++w) sum += static_cast<A>(from[h * s.in_w + w]);
          }
          y[p * out + oh * s.out_w + ow] = static_cast<T>(sum / static_cast<A>(v.divisor));
        }
      }
  });
}

/// dx of any average pooling; sums of overlapping windows are kept in the accumulator's type.
template <class T, class Window>
void pool_averages_backward(const Pool2dShape& s, const T* dy, T* dx, Window window) {
  using A = register_t<T>;
  const std::int64_t in = s.in_plane(), out = std::max<std::int64_t>(s.out_plane(), 0);
  parallel_for(s.planes, std::max<std::int64_t>(1, 65536 / (in + out + 1)), [&](std::int64_t begin, std::int64_t end) {
    A* plane = std::is_same_v<T, A> ? nullptr : scratch<A>(Scratch::image, in);
    for (std::int64_t p = begin; p < end; ++p) {
      if constexpr (std::is_same_v<T, A>) plane = dx + p * in;
      std::fill_n(plane, in, A(0));
      for (std::int64_t oh = 0; oh < s.out_h; ++oh)
        for (std::int64_t ow = 0; ow < s.out_w; ++ow) {
          const PoolWindow v = window(oh, ow);
          const A share = static_cast<A>(dy[p * out + oh * s.out_w + ow]) / static_cast<A>(v.divisor);
          for (std::int64_t h = v.h0; h < v.h1; ++h)
            for (std::int64_t w = v.w0; w < v.w1; ++w) plane[h * s.in_w + w] += share;
        }
      if constexpr (!std::is_same_v<T, A>) {
        for (std::int64_t i = 0; i < in; ++i) dx[p * in + i] = static_cast<T>(plane[i]);
      }
    }
  });
}

/// The averages of sliding windows.
template <class T>
void avg_pool2d_forward(Cpu, const Pool2dShape& s, AveragePooling how, const T* x, T* y) {
  pool_averages(s, x, y, [&](std::int64_t oh, std::int64_t ow) { return PoolWindow::sliding(s, how, oh, ow); });
}
template <class T>
void avg_pool2d_backward(Cpu, const Pool2dShape& s, AveragePooling how, const T* dy, T* dx) {
  pool_averages_backward(s, dy, dx, [&](std::int64_t oh, std::int64_t ow) { return PoolWindow::sliding(s, how, oh, ow); });
}

/// The averages of out_h x out_w bins [floor(i in / out), ceil((i + 1) in / out)); of s only planes and the sizes count.
template <class T>
void adaptive_avg_pool2d_forward(Cpu, const Pool2dShape& s, const T* x, T* y) {
  pool_averages(s, x, y, [&](std::int64_t oh, std::int64_t ow) { return PoolWindow::adaptive(s, oh, ow); });
}
template <class T>
void adaptive_avg_pool2d_backward(Cpu, const Pool2dShape& s, const T* dy, T* dx) {
  pool_averages_backward(s, dy, dx, [&](std::int64_t oh, std::int64_t ow) { return PoolWindow::adaptive(s, oh, ow); });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
