// SPDX-License-Identifier: BSD-3-Clause
// Pooling without the launch. A thread has an element of the result, backward one of the input, and goes through the windows that
// contain it: nothing is added by several threads, so that sums are the same each time.
#pragma once
#include <torchlite/backend/cuda/element.hpp>
#include <torchlite/backend/pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

TORCHLITE_HOST_DEVICE TORCHLITE_INLINE std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }

/// Indices first, first + step ... before last.
struct IndexRange {
  std::int64_t first, last, step;
};
/// The elements of an axis under window o.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE IndexRange window_elements(std::int64_t o, std::int64_t in, std::int64_t kernel, std::int64_t stride,
                                                                  std::int64_t pad, std::int64_t dilation) {
  const std::int64_t from = o * stride - pad;
  return {from >= 0 ? from : from + (-from + dilation - 1) / dilation * dilation, smaller(from + (kernel - 1) * dilation + 1, in),
          dilation};
}
/// The windows that may contain element i: all that begin before it and end after it.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE IndexRange windows_around(std::int64_t i, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                                                                 std::int64_t pad, std::int64_t dilation) {
  const std::int64_t reach = i + pad - (kernel - 1) * dilation;
  return {reach <= 0 ? 0 : (reach + stride - 1) / stride, smaller((i + pad) / stride + 1, out), 1};
}

/// A number of an element taken apart: plane, row, column.
struct PlanePosition {
  std::int64_t plane, row, column;
  TORCHLITE_HOST_DEVICE PlanePosition(std::int64_t i, std::int64_t height, std::int64_t width) {
    const std::int64_t rows = i / width;
    column = i - rows * width;
    plane = rows / height;
    row = rows - plane * height;
  }
};

/// The lowest value of a dtype, -infinity where there is one.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE register_t<T> lowest_value() {
  if constexpr (floating<T>) return -static_cast<register_t<T>>(__builtin_huge_valf());
  else if constexpr (std::is_signed_v<T>) return static_cast<T>(T(1) << (8 * sizeof(T) - 1));
  else return T(0);
}

/// y, and where in its plane each element came from; indices may be null. Ties go to the first, NaN wins.
template <class T, class I>
struct MaxPoolForward {
  Pool2dShape s;
  const T* x;
  T* y;
  I* indices;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const PlanePosition at(i, s.out_h, s.out_w);
    const IndexRange rows = window_elements(at.row, s.in_h, s.kernel_h, s.stride_h, s.pad_h, s.dilation_h),
                     columns = window_elements(at.column, s.in_w, s.kernel_w, s.stride_w, s.pad_w, s.dilation_w);
    const T* const plane = x + at.plane * s.in_h * s.in_w;
    R best = lowest_value<T>();
    std::int64_t where = rows.first * s.in_w + columns.first;
    for (std::int64_t h = rows.first; h < rows.last; h += rows.step)
      for (std::int64_t w = columns.first; w < columns.last; w += columns.step) {
        const R v = static_cast<R>(plane[h * s.in_w + w]);
        if (v > best || v != v) best = v, where = h * s.in_w + w;
      }
    y[i] = static_cast<T>(best);
    if (indices != nullptr) indices[i] = static_cast<I>(where);
  }
};

/// dx = the sum of dy over the windows whose maximum the element was.
template <class T, class I>
struct MaxPoolBackward {
  Pool2dShape s;
  const T* dy;
  const I* indices;
  T* dx;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const PlanePosition at(i, s.in_h, s.in_w);
    const IndexRange rows = windows_around(at.row, s.out_h, s.kernel_h, s.stride_h, s.pad_h, s.dilation_h),
                     columns = windows_around(at.column, s.out_w, s.kernel_w, s.stride_w, s.pad_w, s.dilation_w);
    const I own = static_cast<I>(at.row * s.in_w + at.column);
    const std::int64_t plane = at.plane * s.out_h * s.out_w;
    R sum = 0;
    for (std::int64_t h = rows.first; h < rows.last; ++h)
      for (std::int64_t w = columns.first; w < columns.last; ++w) {
        const std::int64_t o = plane + h * s.out_w + w;
        if (indices[o] == own) sum += static_cast<R>(dy[o]);
      }
    dx[i] = static_cast<T>(sum);
  }
};

/// Elements [first, last) of an axis that an average covers, and how many it counts as.
struct AverageWindow {
  std::int64_t first, last, count;
};

/// Windows of one size, a stride apart.
struct SlidingAverage {
  Pool2dShape s;
  AveragePooling how;

  TORCHLITE_HOST_DEVICE AverageWindow window(std::int64_t o, std::int64_t in, std::int64_t kernel, std::int64_t stride,
                                             std::int64_t pad) const {
    const std::int64_t from = o * stride - pad, to = smaller(from + kernel, in + pad);
    const AverageWindow w{larger(from, 0), smaller(to, in), to - from};
    return how.count_include_pad ? w : AverageWindow{w.first, w.last, w.last - w.first};
  }
  TORCHLITE_HOST_DEVICE AverageWindow rows(std::int64_t o) const { return window(o, s.in_h, s.kernel_h, s.stride_h, s.pad_h); }
  TORCHLITE_HOST_DEVICE AverageWindow columns(std::int64_t o) const { return window(o, s.in_w, s.kernel_w, s.stride_w, s.pad_w); }
  TORCHLITE_HOST_DEVICE IndexRange row_windows(std::int64_t i) const {
    return windows_around(i, s.out_h, s.kernel_h, s.stride_h, s.pad_h, 1);
  }
  TORCHLITE_HOST_DEVICE IndexRange column_windows(std::int64_t i) const {
    return windows_around(i, s.out_w, s.kernel_w, s.stride_w, s.pad_w, 1);
  }
  TORCHLITE_HOST_DEVICE std::int64_t divisor(const AverageWindow& h, const AverageWindow& w) const {
    const std::int64_t d = how.divisor_override != 0 ? how.divisor_override : h.count * w.count;
    return d == 0 ? 1 : d;
  }
};
/// Bins [floor(o in / out), ceil((o + 1) in / out)).
struct AdaptiveAverage {
  Pool2dShape s;

  TORCHLITE_HOST_DEVICE static AverageWindow bin(std::int64_t o, std::int64_t in, std::int64_t out) {
    const std::int64_t from = o * in / out, to = ((o + 1) * in + out - 1) / out;
    return {from, to, to - from};
  }
  TORCHLITE_HOST_DEVICE static IndexRange bins(std::int64_t i, std::int64_t in, std::int64_t out) {
    return {i * out / in, smaller(((i + 1) * out + in - 1) / in, out), 1};
  }
  TORCHLITE_HOST_DEVICE AverageWindow rows(std::int64_t o) const { return bin(o, s.in_h, s.out_h); }
  TORCHLITE_HOST_DEVICE AverageWindow columns(std::int64_t o) const { return bin(o, s.in_w, s.out_w); }
  TORCHLITE_HOST_DEVICE IndexRange row_windows(std::int64_t i) const { return bins(i, s.in_h, s.out_h); }
  TORCHLITE_HOST_DEVICE IndexRange column_windows(std::int64_t i) const { return bins(i, s.in_w, s.out_w); }
  TORCHLITE_HOST_DEVICE std::int64_t divisor(const AverageWindow& h, const AverageWindow& w) const {
    return h.count * w.count == 0 ? 1 : h.count * w.count;
  }
};

template <class T, class Windows>
struct AveragePoolForward {
  Windows windows;
  const T* x;
  T* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const Pool2dShape& s = windows.s;
    const PlanePosition at(i, s.out_h, s.out_w);
    const AverageWindow rows = windows.rows(at.row), columns = windows.columns(at.column);
    const T* const plane = x + at.plane * s.in_h * s.in_w;
    R sum = 0;
    for (std::int64_t h = rows.first; h < rows.last; ++h)
      for (std::int64_t w = columns.first; w < columns.last; ++w) sum += static_cast<R>(plane[h * s.in_w + w]);
    y[i] = static_cast<T>(sum / static_cast<R>(windows.divisor(rows, columns)));
  }
};

template <class T, class Windows>
struct AveragePoolBackward {
  Windows windows;
  const T* dy;
  T* dx;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const Pool2dShape& s = windows.s;
    const PlanePosition at(i, s.in_h, s.in_w);
    const IndexRange rows = windows.row_windows(at.row), columns = windows.column_windows(at.column);
    const T* const plane = dy + at.plane * s.out_h * s.out_w;
    R sum = 0;
    for (std::int64_t h = rows.first; h < rows.last; ++h)
      for (std::int64_t w = columns.first; w < columns.last; ++w) {
        const AverageWindow of_row = windows.rows(h), of_column = windows.columns(w);
        if (at.row < of_row.first || at.row >= of_row.last || at.column < of_column.first || at.column >= of_column.last) continue;
        sum += static_cast<R>(plane[h * s.out_w + w]) / static_cast<R>(windows.divisor(of_row, of_column));
      }
    dx[i] = static_cast<T>(sum);
  }
};

// --- planes and windows of any kind ------------------------------------------------------------------------------------
/// PoolAxis with its numbers where the kernel can read them.
struct PoolAxisView {
  std::int64_t in, out, step;
  bool per_plane;
  const std::int64_t *start, *end;

  TORCHLITE_HOST_DEVICE IndexRange window(std::int64_t plane, std::int64_t o) const {
    const std::int64_t at = per_plane ? plane * out + o : o;
    return {start[at], end[at], step};
  }
};

template <class T, class I>
struct MaxWindows {
  PoolAxisView axes[3];
  const T* x;
  T* y;
  I* indices;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const PlanePosition low(i, axes[1].out, axes[2].out);
    const std::int64_t p = low.plane / axes[0].out, o = low.plane - p * axes[0].out;
    const IndexRange d = axes[0].window(p, o), h = axes[1].window(p, low.row), w = axes[2].window(p, low.column);
    const T* const plane = x + p * axes[0].in * axes[1].in * axes[2].in;
    R best = lowest_value<T>();
    std::int64_t where = (d.first * axes[1].in + h.first) * axes[2].in + w.first;
    for (std::int64_t a = d.first; a < d.last; a += d.step)
      for (std::int64_t b = h.first; b < h.last; b += h.step)
        for (std::int64_t c = w.first; c < w.last; c += w.step) {
          const std::int64_t at = (a * axes[1].in + b) * axes[2].in + c;
          const R v = static_cast<R>(plane[at]);
          if (v > best || v != v) best = v, where = at;
        }
    y[i] = static_cast<T>(best);
    indices[i] = static_cast<I>(where);
  }
};

/// y[p, i] = x[p, index[p, i]]
template <class T, class I>
struct PlaneGet {
  std::int64_t size, count;
  const T* x;
  const I* index;
  T* y;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { y[i] = x[i / count * size + static_cast<std::int64_t>(index[i])]; }
};
/// y[p, index[p, i]] = (or +=) x[p, i], in order; one thread for each plane.
template <class T, class I>
struct PlanePut {
  std::int64_t size, count;
  const T* x;
  const I* index;
  bool add;
  T* y;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t p) const {
    using R = register_t<T>;
    T* const to = y + p * size;
    for (std::int64_t i = p * count; i < (p + 1) * count; ++i) {
      T& target = to[index[i]];
      target = add ? static_cast<T>(static_cast<R>(target) + static_cast<R>(x[i])) : x[i];
    }
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
