// SPDX-License-Identifier: BSD-3-Clause
// Equal slices brought together.
#pragma once
#include <torchlite/backend/cpu/sort.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Whether slice a (`width` adjacent elements) comes before b: by the first element in which they differ.
template <class T>
bool slice_before(const T* a, const T* b, std::int64_t width) {
  using R = register_t<T>;
  for (std::int64_t k = 0; k < width; ++k) {
    const R u = static_cast<R>(a[k]), v = static_cast<R>(b[k]);
    if (sorts_before(u, v)) return true;
    if (sorts_before(v, u)) return false;
  }
  return false;
}

/// NaN is equal to nothing, itself included.
template <class T>
bool slices_equal(const T* a, const T* b, std::int64_t width) {
  using R = register_t<T>;
  for (std::int64_t k = 0; k < width; ++k)
    if (!(static_cast<R>(a[k]) == static_cast<R>(b[k]))) return false;
  return true;
}

/// Groups n slices of `width` elements: equal ones next to each other, or, if sort, all equal ones in ascending order. Writes the group of
/// each slice, one slice of each group and the sizes of the groups; returns how many there are.
template <class T>
std::int64_t group_slices(Cpu, const T* data, std::int64_t n, std::int64_t width, bool sort, std::int64_t* group, std::int64_t* first,
                          std::int64_t* count) {
  std::int64_t groups = 0;
  each_row_order(1, n, [&](std::int64_t, std::int64_t* order) {
    if (sort)
      std::sort(order, order + n, [=](std::int64_t i, std::int64_t j) {
        const T *a = data + i * width, *b = data + j * width;
        if (slice_before(a, b, width)) return true;
        return !slice_before(b, a, width) && i < j;
      });
    for (std::int64_t i = 0; i < n; ++i) {
      if (i == 0 || !slices_equal(data + order[i - 1] * width, data + order[i] * width, width)) {
        first[groups] = order[i];
        count[groups++] = 0;
      }
      group[order[i]] = groups - 1;
      ++count[groups - 1];
    }
  });
  return groups;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
