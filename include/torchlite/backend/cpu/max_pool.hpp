// SPDX-License-Identifier: BSD-3-Clause
// Maximum pooling on the CPU. Ties go to the first element of the window, a NaN wins over every number, as in PyTorch.
#pragma once
#include <torchlite/backend/cpu/conv_image.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
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
TORCHLITE_INLINE void split_pairs(vector_register<float> a, vector_register<float> b, vector_register<float>& even,
                                  vector_register<float>& odd) {
#if defined(__AVX512F__) && !TORCHLITE_DEVICE_PASS
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

/// A vector of maxima and where they lie, element by element.
struct MaxPoolVector {
  vector_register<float> best;
  Int32Register where;

  TORCHLITE_INLINE void take(vector_register<float> x, Int32Register index) {
    const Int32Register wins = (x > best) | (x != x);
    best = wins ? x : best;
    where = wins ? index : where;
  }
  /// Writes the first `count` elements.
  template <class T, class I>
  TORCHLITE_INLINE void store(T* values, I* indices, std::int64_t count) const {
    constexpr int lanes = vector_lanes<float>;
    float value[lanes];
    std::int32_t index[lanes];
    store_vector(value, best);
    *reinterpret_cast<Int32Memory*>(index) = where;
    if (count >= lanes) {
      for (int i = 0; i < lanes; ++i) values[i] = static_cast<T>(value[i]);
      if (indices) {
        for (int i = 0; i < lanes; ++i) indices[i] = static_cast<I>(index[i]);
      }
      return;
    }
    for (std::int64_t i = 0; i < count; ++i) values[i] = static_cast<T>(value[i]);
    if (indices) {
      for (std::int64_t i = 0; i < count; ++i) indices[i] = static_cast<I>(index[i]);
    }
  }
};

/// 0, step, 2 step ...
inline Int32Register counting_by(std::int32_t step) {
  constexpr int lanes = vector_lanes<float>;
  std::int32_t values[lanes];
  for (int i = 0; i < lanes; ++i) values[i] = i * step;
  return *reinterpret_cast<const Int32Memory*>(values);
}

/// 2x2 windows that do not overlap: two rows of two vectors each give one vector; element 0 of the rows is element `at` of the plane.
TORCHLITE_INLINE MaxPoolVector max_pool_2x2(const float* row0, const float* row1, std::int64_t width, std::int64_t at, Int32Register even) {
  constexpr int lanes = vector_lanes<float>;
  vector_register<float> x0, x1, x2, x3;
  split_pairs(load_vector(row0), load_vector(row0 + lanes), x0, x1);
  split_pairs(load_vector(row1), load_vector(row1 + lanes), x2, x3);
  const Int32Register first = even + static_cast<std::int32_t>(at), second = first + static_cast<std::int32_t>(width);
  MaxPoolVector v{x0, first};
  v.take(x1, first + 1);
  v.take(x2, second);
  v.take(x3, second + 1);
  return v;
}

/// The planes [begin, end) of a pooling by 2x2 windows that do not overlap.
template <class I>
void max_pool_pairs(const Pool2dShape& s, const float* x, float* y, I* indices, std::int64_t begin, std::int64_t end) {
  constexpr int lanes = vector_lanes<float>;
  const std::int64_t in = s.in_plane(), out = s.out_plane(), width = s.in_w, whole = std::min(s.out_w, width / 2);
  const Int32Register even = counting_by(2);
  for (std::int64_t p = begin; p < end; ++p) {
    const float* plane = x + p * in;
    for (std::int64_t oh = 0; oh < s.out_h; ++oh) {
      float* values = y + p * out + oh * s.out_w;
      I* where = indices ? indices + p * out + oh * s.out_w : nullptr;
      const std::int64_t full = 2 * oh + 2 <= s.in_h ? whole : 0;
      for (std::int64_t ow = 0; ow < full; ow += lanes) {
        const std::int64_t at = 2 * oh * width + 2 * ow, left = full - ow;
        // What is written beyond a row is written again by the next one, so a vector only has to stay in its plane.
        if (at + width + 2 * lanes <= in && oh * s.out_w + ow + lanes <= out) {
          max_pool_2x2(plane + at, plane + at + width, width, at, even).store(values + ow, where ? where + ow : nullptr, lanes);
        } else {
          float rows[2][2 * lanes] = {};
          for (std::int64_t i = 0; i < 2 * std::min<std::int64_t>(left, lanes); ++i)
            rows[0][i] = plane[at + i], rows[1][i] = plane[at + width + i];
          max_pool_2x2(rows[0], rows[1], width, at, even).store(values + ow, where ? where + ow : nullptr, left);
        }
      }
      for (std::int64_t ow = full; ow < s.out_w; ++ow) max_pool_element(s, plane, oh, ow, values + ow, where ? where + ow : nullptr);
    }
  }
}

/// The planes [begin, end) of any pooling, through a copy of each in which the elements under a tap are adjacent.
template <class T, class I>
void max_pool_windows(const Pool2dShape& s, const T* x, T* y, I* indices, std::int64_t begin, std::int64_t end) {
  constexpr std::int64_t lanes = vector_lanes<float>;
  Conv2dShape c;
  c.in_h = s.in_h, c.in_w = s.in_w, c.out_h = s.out_h, c.out_w = s.out_w, c.kernel_h = s.kernel_h, c.kernel_w = s.kernel_w;
  c.stride_h = s.stride_h, c.stride_w = s.stride_w, c.pad_h = s.pad_h, c.pad_w = s.pad_w, c.dilation_h = s.dilation_h,
  c.dilation_w = s.dilation_w;
  const ConvBand band(c, s.out_plane());
  const std::int64_t taps = s.kernel_h * s.kernel_w, columns = (s.out_w + lanes - 1) / lanes * lanes;
  const float lowest = -std::numeric_limits<float>::infinity();
  std::int64_t* offsets = scratch<std::int64_t>(Scratch::offsets, taps);
  band.write_offsets(1, offsets);
  float* image = scratch<float>(Scratch::image, band.size<float>(1));
  // Where a window begins inside the input: what its index is if all of it is minus infinity.
  std::int32_t* first_w = scratch<std::int32_t>(Scratch::columns, columns);
  const auto inside = [](std::int64_t from, std::int64_t dilation) {
    return from >= 0 ? from : from + (-from + dilation - 1) / dilation * dilation;
  };
  for (std::int64_t ow = 0; ow < columns; ++ow) first_w[ow] = static_cast<std::int32_t>(inside(ow * s.stride_w - s.pad_w, s.dilation_w));
  const Int32Register steps = counting_by(static_cast<std::int32_t>(s.stride_w));
  for (std::int64_t p = begin; p < end; ++p) {
    band.copy(x + p * s.in_plane(), 1, 0, image, lowest);
    for (std::int64_t oh = 0; oh < s.out_h; ++oh) {
      const std::int64_t h0 = oh * s.stride_h - s.pad_h, first_h = inside(h0, s.dilation_h);
      for (std::int64_t ow = 0; ow < s.out_w; ow += lanes) {
        MaxPoolVector v{vector_register<float>{} + lowest,
                        *reinterpret_cast<const Int32Memory*>(first_w + ow) + static_cast<std::int32_t>(first_h * s.in_w)};
        for (std::int64_t kh = 0; kh < s.kernel_h; ++kh) {
          const std::int64_t ih = h0 + kh * s.dilation_h;
          if (ih < 0 || ih >= s.in_h) continue;
          Int32Register index = steps + static_cast<std::int32_t>(ih * s.in_w + ow * s.stride_w - s.pad_w);
          for (std::int64_t kw = 0; kw < s.kernel_w; ++kw, index += static_cast<std::int32_t>(s.dilation_w))
            v.take(load_vector(image + offsets[kh * s.kernel_w + kw] + band.pixel(oh, ow)), index);
        }
        const std::int64_t at = oh * s.out_w + ow, to = p * s.out_plane() + at;
        v.store(y + to, indices ? indices + to : nullptr, at + lanes <= s.out_plane() ? lanes : s.out_w - ow);
      }
    }
  }
}

/// y, and where in its plane each element came from (flat, 0 = the plane's first); indices may be null.
/// The type of indices is std::int64_t as in PyTorch, or std::int32_t to save memory traffic.
template <class T, class I>
void max_pool2d_forward(Cpu, const Pool2dShape& s, const T* x, T* y, I* indices) {
  const std::int64_t in = s.in_plane(), out = s.out_plane();
  if (out <= 0) return;
  [[maybe_unused]] const bool small = in < std::numeric_limits<std::int32_t>::max() / 4;
  [[maybe_unused]] const bool pairs = s.kernel_h == 2 && s.kernel_w == 2 && s.stride_h == 2 && s.stride_w == 2 && s.pad_h == 0 &&
                                      s.pad_w == 0 && s.dilation_h == 1 && s.dilation_w == 1;
  parallel_for(s.planes, std::max<std::int64_t>(1, 65536 / (out * s.kernel_h * s.kernel_w)), [&](std::int64_t begin, std::int64_t end) {
    if constexpr (std::is_same_v<T, float>) {
      if (small && pairs) return max_pool_pairs(s, x, y, indices, begin, end);
    }
    if constexpr (std::is_same_v<register_t<T>, float>) {
      if (small) return max_pool_windows(s, x, y, indices, begin, end);
    }
    for (std::int64_t i = begin * out; i < end * out; ++i)
      max_pool_element(s, x + i / out * in, i / s.out_w % s.out_h, i % s.out_w, y + i, indices ? indices + i : nullptr);
  });
}

/// dx: every element of dy added where its maximum came from.
template <class T, class I>
void max_pool2d_backward(Cpu, const Pool2dShape& s, const T* dy, const I* indices, T* dx) {
  const std::int64_t in = s.in_plane(), out = std::max<std::int64_t>(s.out_plane(), 0);
  const bool disjoint = s.stride_h > (s.kernel_h - 1) * s.dilation_h && s.stride_w > (s.kernel_w - 1) * s.dilation_w;
  parallel_for(s.planes, std::max<std::int64_t>(1, 65536 / (in + out + 1)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      T* to = dx + p * in;
      std::fill_n(to, in, T(0));
      if (disjoint) {
        for (std::int64_t i = p * out; i < (p + 1) * out; ++i) to[indices[i]] = dy[i];
      } else {
        for (std::int64_t i = p * out; i < (p + 1) * out; ++i) to[indices[i]] = static_cast<T>(to[indices[i]] + dy[i]);
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
