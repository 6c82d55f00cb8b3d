// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/embedding_bag.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// out [bags, width]: the sum of each bag's rows times their factors, divided by their number if mean.
template <class T>
void sum_bags(Cpu, const BagArguments<T>& a, bool mean, T* out) {
  using R = register_t<T>;
  count_kernel("sum_bags");
  parallel_for(a.bags, std::max<std::int64_t>(1, 4096 / std::max<std::int64_t>(1, a.width)), [&](std::int64_t begin, std::int64_t end) {
    std::vector<R> sums(static_cast<std::size_t>(a.width));
    for (std::int64_t b = begin; b < end; ++b) {
      std::fill(sums.begin(), sums.end(), R(0));
      R* const sum = sums.data();
      std::int64_t count = 0;
      for (std::int64_t i = a.ends[b]; i < a.ends[b + 1]; ++i) {
        if (a.numbers[i] == a.padding) continue;
        const T* const row = a.table + a.numbers[i] * a.width;
        const R factor = a.factors == nullptr ? R(1) : static_cast<R>(a.factors[i]);
        TORCHLITE_VECTORIZE
        for (std::int64_t k = 0; k < a.width; ++k) sum[k] += factor * static_cast<R>(row[k]);
        ++count;
      }
      const R scale = mean && count > 0 ? R(1) / static_cast<R>(count) : R(1);
      for (std::int64_t k = 0; k < a.width; ++k) out[b * a.width + k] = static_cast<T>(sum[k] * scale);
    }
  });
}

/// rows [bags, width]: which row has the largest element of each bag's column (the first of equal ones), -1 in an empty bag.
template <class T>
void largest_in_bags(Cpu, const BagArguments<T>& a, std::int64_t* rows) {
  using R = register_t<T>;
  count_kernel("largest_in_bags");
  parallel_for(a.bags, std::max<std::int64_t>(1, 4096 / std::max<std::int64_t>(1, a.width)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) {
      std::int64_t* const best = rows + b * a.width;
      std::fill_n(best, a.width, std::int64_t{-1});
      for (std::int64_t i = a.ends[b]; i < a.ends[b + 1]; ++i) {
        const std::int64_t row = a.numbers[i];
        if (row == a.padding) continue;
        for (std::int64_t k = 0; k < a.width; ++k)
          if (best[k] < 0 || static_cast<R>(a.table[row * a.width + k]) > static_cast<R>(a.table[best[k] * a.width + k])) best[k] = row;
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
