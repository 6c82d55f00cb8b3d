// SPDX-License-Identifier: BSD-3-Clause
// Elements of planes by their index: what a max pooling's gradient and its inverse are. On the CPU, a plane to a thread.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The first index that is not in [0, size), or -1 if all are; *offender is its value.
template <class I>
std::int64_t plane_index_outside(Cpu, std::int64_t count, std::int64_t size, const I* index, std::int64_t* offender) {
  for (std::int64_t i = 0; i < count; ++i)
    if (index[i] < 0 || index[i] >= size) {
      *offender = static_cast<std::int64_t>(index[i]);
      return i;
    }
  return -1;
}

/// y[p, i] = x[p, index[p, i]].
///   x [planes, size], index and y [planes, count]
template <class T, class I>
void plane_get(Cpu, std::int64_t planes, std::int64_t size, std::int64_t count, const T* x, const I* index, T* y) {
  parallel_for(planes, std::max<std::int64_t>(1, 65536 / (count + 1)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p)
      for (std::int64_t i = p * count; i < (p + 1) * count; ++i) y[i] = x[p * size + static_cast<std::int64_t>(index[i])];
  });
}

/// y = 0, then y[p, index[p, i]] = x[p, i], or += x[p, i], in order.
///   x and index [planes, count], y [planes, size]
template <class T, class I>
void plane_put(Cpu, std::int64_t planes, std::int64_t size, std::int64_t count, const T* x, const I* index, bool add, T* y) {
  parallel_for(planes, std::max<std::int64_t>(1, 65536 / (size + count + 1)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      T* to = y + p * size;
      std::fill_n(to, size, T(0));
      if (add) {
        for (std::int64_t i = p * count; i < (p + 1) * count; ++i) to[index[i]] = static_cast<T>(to[index[i]] + x[i]);
      } else {
        for (std::int64_t i = p * count; i < (p + 1) * count; ++i) to[index[i]] = x[i];
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
