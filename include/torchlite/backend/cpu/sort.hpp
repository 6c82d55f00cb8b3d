// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/memory.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// For each of `rows` rows of n elements: the positions of its first `keep` elements in sorted order. Equal elements keep their
/// order; NaN is larger than any number.
template <class T>
void argsort(Cpu, const T* data, std::int64_t rows, std::int64_t n, std::int64_t keep, bool descending, std::int64_t* out) {
  count_kernel();
  using R = register_t<T>;
  parallel_for(rows, std::max<std::int64_t>(1, 2048 / std::max<std::int64_t>(n, 1)), [=](std::int64_t begin, std::int64_t end) {
    std::int64_t* order = static_cast<std::int64_t*>(allocate(Cpu{}, static_cast<std::size_t>(n + 1) * sizeof(std::int64_t)));
    for (std::int64_t row = begin; row < end; ++row) {
      const T* x = data + row * n;
      for (std::int64_t i = 0; i < n; ++i) order[i] = i;
      const auto smaller = [](R a, R b) {
        if constexpr (std::is_floating_point_v<R>) return a < b || (b != b && a == a);
        else return a < b;
      };
      const auto before = [=](std::int64_t i, std::int64_t j) {
        const R a = static_cast<R>(x[i]), b = static_cast<R>(x[j]);
        if (smaller(a, b)) return !descending;
        if (smaller(b, a)) return descending;
        return i < j;  // a total order: any algorithm is stable
      };
      if (keep < n) std::partial_sort(order, order + keep, order + n, before);
      else std::sort(order, order + n, before);
      std::copy(order, order + keep, out + row * keep);
    }
    deallocate(Cpu{}, order, static_cast<std::size_t>(n + 1) * sizeof(std::int64_t));
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
