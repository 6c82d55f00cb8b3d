// SPDX-License-Identifier: BSD-3-Clause
// Rows put in order, and elements found by their rank. Equal elements keep their order; NaN is larger than any number.
#pragma once
#include <torchlite/backend/cpu/memory.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// True if a comes before b in ascending order.
template <class R>
constexpr bool sorts_before(R a, R b) {
  if constexpr (std::is_floating_point_v<R>) return a < b || (b != b && a == a);
  else return a < b;
}

/// The order of positions in a row: a total one, so that any algorithm is stable.
template <class T>
struct RowOrder {
  const T* x;
  bool descending;

  bool operator()(std::int64_t i, std::int64_t j) const {
    using R = register_t<T>;
    const R a = static_cast<R>(x[i]), b = static_cast<R>(x[j]);
    if (sorts_before(a, b)) return !descending;
    if (sorts_before(b, a)) return descending;
    return i < j;
  }
};

/// f(row, positions) for rows of n elements, positions being a buffer that holds 0 ... n - 1.
template <class F>
void each_row_order(std::int64_t rows, std::int64_t n, F f) {
  count_kernel("sort");
  parallel_for(rows, std::max<std::int64_t>(1, 2048 / std::max<std::int64_t>(n, 1)), [=](std::int64_t begin, std::int64_t end) {
    const std::size_t bytes = static_cast<std::size_t>(n + 1) * sizeof(std::int64_t);
    std::int64_t* const order = static_cast<std::int64_t*>(allocate(Cpu{}, bytes));
    for (std::int64_t row = begin; row < end; ++row) {
      for (std::int64_t i = 0; i < n; ++i) order[i] = i;
      f(row, order);
    }
    deallocate(Cpu{}, order, bytes);
  });
}

/// For each of `rows` rows of n elements: the positions of its first `keep` elements in sorted order.
template <class T>
void argsort(Cpu, const T* data, std::int64_t rows, std::int64_t n, std::int64_t keep, bool descending, std::int64_t* out) {
  each_row_order(rows, n, [=](std::int64_t row, std::int64_t* order) {
    const RowOrder<T> before{data + row * n, descending};
    if (keep < n) std::partial_sort(order, order + keep, order + n, before);
    else std::sort(order, order + n, before);
    std::copy(order, order + keep, out + row * keep);
  });
}

/// Which element of a row in ascending order is meant.
enum class Rank {
  kth,       ///< number k, from 0
  median,    ///< the lower middle one; the first NaN if there is one
  nanmedian  ///< the lower middle one of those that are not NaN
};

/// For each row: the position of the element of that rank, in linear time.
template <class T>
void ranked_position(Cpu, const T* data, std::int64_t rows, std::int64_t n, Rank rank, std::int64_t k, std::int64_t* out) {
  each_row_order(rows, n, [=](std::int64_t row, std::int64_t* order) {
    const T* x = data + row * n;
    std::int64_t numbers = n, first_nan = -1, at = k;
    if constexpr (floating<T>) {
      for (std::int64_t i = n - 1; i >= 0; --i)
        if (const auto v = static_cast<register_t<T>>(x[i]); v != v) --numbers, first_nan = i;
    }
    if (rank == Rank::median && first_nan >= 0) {
      out[row] = first_nan;
      return;
    }
    if (rank != Rank::kth) at = numbers > 0 ? (numbers - 1) / 2 : 0;
    std::nth_element(order, order + at, order + n, RowOrder<T>{x, false});
    out[row] = order[at];
  });
}

/// For each row: the last position of its most frequent element, the smallest of equally frequent ones.
template <class T>
void mode_position(Cpu, const T* data, std::int64_t rows, std::int64_t n, std::int64_t* out) {
  each_row_order(rows, n, [=](std::int64_t row, std::int64_t* order) {
    using R = register_t<T>;
    const T* x = data + row * n;
    std::sort(order, order + n, RowOrder<T>{x, false});
    std::int64_t most = 0, run = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      ++run;
      if (i + 1 < n && static_cast<R>(x[order[i]]) == static_cast<R>(x[order[i + 1]])) continue;
      if (run > most) most = run, out[row] = order[i];
      run = 0;
    }
  });
}

/// For each value: how many of the n boundaries, in ascending order along each row, come before it (with `right`: or equal it).
/// step: distance of the boundaries that successive rows of values are looked up in, 0 if all use the same. sorter: the order of
/// the boundaries if they are not sorted themselves; may be null.
template <class T, class Out>
void search_sorted(Cpu, const T* boundaries, const std::int64_t* sorter, std::int64_t n, std::int64_t step, const T* values,
                   std::int64_t rows, std::int64_t row_length, bool right, Out* out) {
  using R = register_t<T>;
  count_kernel("search_sorted");
  parallel_for(rows * row_length, 4096, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t start = i / row_length * step;
      const R v = static_cast<R>(values[i]);
      std::int64_t low = 0, high = n;
      while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        const R b = static_cast<R>(boundaries[start + (sorter != nullptr ? sorter[start + middle] : middle)]);
        if (right ? !sorts_before(v, b) : sorts_before(b, v)) low = middle + 1;
        else high = middle;
      }
      out[i] = static_cast<Out>(low);
    }
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
