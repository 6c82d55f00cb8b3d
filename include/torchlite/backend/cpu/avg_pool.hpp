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

/// What an element of the result covers along one axis, and how many elements it counts as.
struct PoolRange {
  std::int64_t begin, end, count;

  static PoolRange sliding(std::int64_t o, std::int64_t in, std::int64_t kernel, std::int64_t stride, std::int64_t pad, bool count_pad) {
    const std::int64_t from = o * stride - pad, to = std::min(from + kernel, in + pad);
    PoolRange r{std::max<std::int64_t>(from, 0), std::min(to, in), to - from};
    if (!count_pad) r.count = r.end - r.begin;
    return r;
  }
  /// Bins that cover the axis, neighbours overlapping by at most one element.
  static PoolRange adaptive(std::int64_t o, std::int64_t in, std::int64_t out) {
    const std::int64_t from = o * in / out, to = ((o + 1) * in + out - 1) / out;
    return {from, to, to - from};
  }
};

/// The ranges of all rows and columns of a result, computed once for all planes.
struct PoolRanges {
  const PoolRange* rows;
  const PoolRange* columns;
  std::int64_t divisor_override = 0;

  static PoolRanges sliding(const Pool2dShape& s, AveragePooling how) {
    PoolRange* to = scratch<PoolRange>(Scratch::offsets, s.out_h + s.out_w);
    for (std::int64_t i = 0; i < s.out_h; ++i)
      to[i] = PoolRange::sliding(i, s.in_h, s.kernel_h, s.stride_h, s.pad_h, how.count_include_pad);
    for (std::int64_t i = 0; i < s.out_w; ++i)
      to[s.out_h + i] = PoolRange::sliding(i, s.in_w, s.kernel_w, s.stride_w, s.pad_w, how.count_include_pad);
    return {to, to + s.out_h, how.divisor_override};
  }
  static PoolRanges adaptive(const Pool2dShape& s) {
    PoolRange* to = scratch<PoolRange>(Scratch::offsets, s.out_h + s.out_w);
    for (std::int64_t i = 0; i < s.out_h; ++i) to[i] = PoolRange::adaptive(i, s.in_h, s.out_h);
    for (std::int64_t i = 0; i < s.out_w; ++i) to[s.out_h + i] = PoolRange::adaptive(i, s.in_w, s.out_w);
    return {to, to + s.out_h};
  }

  template <class A>
  A divisor(std::int64_t oh, std::int64_t ow) const {
    const std::int64_t d = divisor_override != 0 ? divisor_override : rows[oh].count * columns[ow].count;
    return static_cast<A>(d == 0 ? 1 : d);
  }
};

/// y of any average pooling.
template <class T>
void pool_averages(const Pool2dShape& s, const PoolRanges& ranges, const T* x, T* y) {
  using A = register_t<T>;
  const std::int64_t in = s.in_plane(), out = s.out_plane();
  parallel_for(s.planes, std::max<std::int64_t>(1, 65536 / (in + out)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      for (std::int64_t oh = 0; oh < s.out_h; ++oh) {
        const PoolRange h = ranges.rows[oh];
        for (std::int64_t ow = 0; ow < s.out_w; ++ow) {
          const PoolRange w = ranges.columns[ow];
          const std::int64_t count = w.end - w.begin;
          const T* from = x + p * in + h.begin * s.in_w + w.begin;
          A sum = 0;
          if (count == s.in_w && h.end > h.begin) sum = dense_sum(from, (h.end - h.begin) * count);
          else {
            for (std::int64_t row = h.begin; row < h.end; ++row, from += s.in_w)
              for (std::int64_t i = 0; i < count; ++i) sum += static_cast<A>(from[i]);
          }
          y[p * out + oh * s.out_w + ow] = static_cast<T>(sum / ranges.divisor<A>(oh, ow));
        }
      }
    }
  });
}

/// dx of any average pooling; sums of overlapping windows are kept in the accumulator's type.
template <class T>
void pool_averages_backward(const Pool2dShape& s, const PoolRanges& ranges, const T* dy, T* dx) {
  using A = register_t<T>;
  const std::int64_t in = s.in_plane(), out = std::max<std::int64_t>(s.out_plane(), 0);
  parallel_for(s.planes, std::max<std::int64_t>(1, 65536 / (in + out + 1)), [&](std::int64_t begin, std::int64_t end) {
    A* plane = nullptr;
    if constexpr (!std::is_same_v<T, A>) plane = scratch<A>(Scratch::image, in);
    for (std::int64_t p = begin; p < end; ++p) {
      if constexpr (std::is_same_v<T, A>) plane = dx + p * in;
      std::fill_n(plane, in, A(0));
      for (std::int64_t oh = 0; oh < s.out_h; ++oh) {
        const PoolRange h = ranges.rows[oh];
        for (std::int64_t ow = 0; ow < s.out_w; ++ow) {
          const PoolRange w = ranges.columns[ow];
          const A share = static_cast<A>(dy[p * out + oh * s.out_w + ow]) / ranges.divisor<A>(oh, ow);
          for (std::int64_t row = h.begin; row < h.end; ++row)
            for (std::int64_t i = w.begin; i < w.end; ++i) plane[row * s.in_w + i] += share;
        }
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
  if (s.out_plane() > 0) pool_averages(s, PoolRanges::sliding(s, how), x, y);
}
template <class T>
void avg_pool2d_backward(Cpu, const Pool2dShape& s, AveragePooling how, const T* dy, T* dx) {
  pool_averages_backward(s, PoolRanges::sliding(s, how), dy, dx);
}

/// The averages of out_h x out_w bins [floor(i in / out), ceil((i + 1) in / out)); of s only planes and the sizes count.
template <class T>
void adaptive_avg_pool2d_forward(Cpu, const Pool2dShape& s, const T* x, T* y) {
  if (s.out_plane() > 0) pool_averages(s, PoolRanges::adaptive(s), x, y);
}
template <class T>
void adaptive_avg_pool2d_backward(Cpu, const Pool2dShape& s, const T* dy, T* dx) {
  pool_averages_backward(s, PoolRanges::adaptive(s), dy, dx);
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
