// SPDX-License-Identifier: BSD-3-Clause
// Maximum pooling on the CPU. Ties go to the first element of the window, a NaN wins over every number, as in PyTorch.
#pragma once
#include <torchlite/backend/cpu/gemm_kernel.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/pool.hpp>
#include <torchlite/core/dtype.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// One element by the definition: the largest of the window at (oh, ow) of a plane, and where it lies.
template <class T, class I>
TORCHLITE_INLINE void max_pool_element(const Pool2dShape& s, const T* plane, std::int64_t oh, std::int64_t ow, T* value, I* index) {
  std::int64_t h0 = oh * s.stride_h - s.pad_h, w0 = ow * s.stride_w - s.pad_w;
  const std::int64_t h1 = std::min(h0 + (s.kernel_h - 1) * s.dilation_h + 1, s.in_h);
  const std::int64_t w1 = std::min(w0 + (s.kernel_w - 1) * s.dilation_w + 1, s.in_w);
  if (h0 < 0) h0 += (-h0 + s.dilation_h - 1) / s.dilation_h * s.dilation_h;
  if (w0 < 0) w0 += (-w0 + s.dilation_w - 1) / s.dilation_w * s.dilation_w;
  std::int64_t at = h0 * s.in_w + w0;
  T best = std::numeric_limits<T>::has_infinity ? static_cast<T>(-std::numeric_limits<T>::infinity()) : std::numeric_limits<T>::lowest();
  for (std::int64_t h = h0; h < h1; h += s.dilation_h)
    for (std::int64_t w = w0; w < w1; w += s.dilation_w) {
      const T x = plane[h * s.in_w + w];
      if (x > best || x != x) best = x, at = h * s.in_w + w;
    }
  *value = best;
  if (index) *index = static_cast<I>(at);
}

typedef std::int32_t Int32Register __attribute__((vector_size(vector_bytes)));
typedef std::int32_t Int32Memory __attribute__((vector_size(vector_bytes), aligned(4), may_alias));

/// The even and the odd elements of two vectors.
TORCHLITE_INLINE void split_pairs(vector_register<float> a, vector_register<float> b, vector_register<float>& even, vector_register<float>& odd) {
#if defined(__AVX512F__)
  even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#elif defined(__AVX2__) && defined(__FMA__)
  even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#else
  even = __builtin_shufflevector(a, b, 0, 2, 4, 6);
  odd = __builtin_shufflevector(a, b, 1, 3, 5, 7);
#endif
}

/// A vector of results of 2x2 windows that do not overlap: reads two vectors at each row, of a plane `width` wide from element `at` on.
template <class I>
TORCHLITE_INLINE void max_pool_2x2(const float* plane, std::int64_t width, std::int64_t at, float* value, I* index) {
  using Register = vector_register<float>;
  constexpr int lanes = vector_lanes<float>;
  static constexpr auto counting = [] {
    struct { std::int32_t value[lanes]; } c{};
    for (int i = 0; i < lanes; ++i) c.value[i] = 2 * i;
    return c;
  }();
  const Int32Register first = *reinterpret_cast<const Int32Memory*>(counting.value) + static_cast<std::int32_t>(at);
  Register x[4];
  split_pairs(load_vector(plane + at), load_vector(plane + at + lanes), x[0], x[1]);
  split_pairs(load_vector(plane + at + width), load_vector(plane + at + width + lanes), x[2], x[3]);
  Register best = x[0];
  Int32Register where = first;
  const Int32Register steps[4] = {first, first + 1, first + static_cast<std::int32_t>(width), first + static_cast<std::int32_t>(width + 1)};
  unrolled<3>([&](auto i) __attribute__((always_inline)) {
    constexpr int k = decltype(i)::value + 1;
    const Int32Register wins = (x[k] > best) | (x[k] != x[k]);
    best = wins ? x[k] : best;
    where = wins ? steps[k] : where;
  });
  store_vector(value, best);
  if (index) {
    std::int32_t small[lanes];
    *reinterpret_cast<Int32Memory*>(small) = where;
    for (int q = 0; q < lanes; ++q) index[q] = small[q];
  }
}

/// y, and where in its plane each element came from (flat, 0 = the plane's first); indices may be null.
/// The type of indices is std::int64_t as in PyTorch, or std::int32_t to save memory traffic.
template <class T, class I>
void max_pool2d_forward(Cpu, const Pool2dShape& s, const T* x, T* y, I* indices) {
  const std::int64_t in = s.in_plane(), out = s.out_plane();
  if (out <= 0) return;
  const bool pairs = std::is_same_v<T, float> && s.kernel_h == 2 && s.kernel_w == 2 && s.stride_h == 2 && s.stride_w == 2 && s.pad_h == 0 &&
                     s.pad_w == 0 && s.dilation_h == 1 && s.dilation_w == 1 && in < std::numeric_limits<std::int32_t>::max();
  parallel_for(s.planes, std::max<std::int64_t>(1, 65536 / (out * s.kernel_h * s.kernel_w)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      const T* plane = x + p * in;
      T* values = y + p * out;
      I* where = indices ? indices + p * out : nullptr;
      for (std::int64_t oh = 0; oh < s.out_h; ++oh) {
        std::int64_t ow = 0;
        if constexpr (std::is_same_v<T, float>) {
          constexpr int lanes = vector_lanes<float>;
          // What a vector writes beyond its row is written again by the next row, so it only has to stay in the plane.
          const std::int64_t full = pairs ? s.out_w : 0, at = 2 * oh * s.in_w;
          for (; ow < full; ow += lanes) {
            if (at + s.in_w + 2 * (ow + lanes) > in || oh * s.out_w + ow + lanes > out) break;
            max_pool_2x2(plane, s.in_w, at + 2 * ow, values + oh * s.out_w + ow, where ? where + oh * s.out_w + ow : nullptr);
          }
        }
        for (; ow < s.out_w; ++ow) {
          const std::int64_t i = oh * s.out_w + ow;
          max_pool_element(s, plane, oh, ow, values + i, where ? where + i : nullptr);
        }
      }
    }
  });
}

/// dx: every element of dy added where its maximum came from.
template <class T, class I>
void max_pool2d_backward(Cpu, const Pool2dShape& s, const T* dy, const I* indices, T* dx) {
  const std::int64_t in = s.in_plane(), out = std::max<std::int64_t>(s.out_plane(), 0);
  parallel_for(s.planes, std::max<std::int64_t>(1, 65536 / (in + out + 1)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      T* to = dx + p * in;
      std::fill_n(to, in, T(0));
      for (std::int64_t i = p * out; i < (p + 1) * out; ++i) {
        T& target = to[indices[i]];
        target = static_cast<T>(target + dy[i]);
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
