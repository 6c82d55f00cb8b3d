// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>

#include <algorithm>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// For each row of x [rows, classes]: the sum of max(0, 1 - x_i + x_j) / classes over the classes i that the row of target names (up to the
/// first negative number) and those j that it does not, and in slope [rows, classes] the derivative of that sum.
template <class T>
void multilabel_margin_loss(Cpu, std::int64_t rows, std::int64_t classes, const T* x, const std::int64_t* target, T* out, T* slope) {
  using R = register_t<T>;
  count_kernel("multilabel_margin_loss");
  parallel_for(
      rows, std::max<std::int64_t>(1, 16384 / std::max<std::int64_t>(1, classes * classes)), [&](std::int64_t begin, std::int64_t end) {
        std::vector<char> named(static_cast<std::size_t>(classes));
        std::vector<double> counts(static_cast<std::size_t>(classes));
        for (std::int64_t r = begin; r < end; ++r) {
          const T* const row = x + r * classes;
          const std::int64_t* const labels = target + r * classes;
          std::fill(named.begin(), named.end(), char{0});
          std::fill(counts.begin(), counts.end(), 0.0);
          std::int64_t length = 0;
          for (; length < classes && labels[length] >= 0; ++length) named[static_cast<std::size_t>(labels[length])] = 1;
          double sum = 0;
          for (std::int64_t k = 0; k < length; ++k) {
            const std::int64_t i = labels[k];
            for (std::int64_t j = 0; j < classes; ++j) {
              const R z = R(1) - static_cast<R>(row[i]) + static_cast<R>(row[j]);
              if (named[static_cast<std::size_t>(j)] != 0 || !(z > R(0))) continue;
              sum += static_cast<double>(z);
              counts[static_cast<std::size_t>(i)] -= 1;
              counts[static_cast<std::size_t>(j)] += 1;
            }
          }
          out[r] = static_cast<T>(static_cast<R>(sum / static_cast<double>(classes)));
          for (std::int64_t c = 0; c < classes; ++c)
            slope[r * classes + c] = static_cast<T>(static_cast<R>(counts[static_cast<std::size_t>(c)] / static_cast<double>(classes)));
        }
      });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
