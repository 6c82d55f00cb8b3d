// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Bags of rows of a table; every number is in range.
template <class T>
struct BagArguments {
  std::int64_t bags = 0, width = 0, padding = -1;
  const T* table = nullptr;               ///< [rows, width]
  const std::int64_t* numbers = nullptr;  ///< rows, bag after bag
  const std::int64_t* ends = nullptr;     ///< [bags + 1]: bag b is numbers[ends[b]] to numbers[ends[b + 1]]
  const T* factors = nullptr;             ///< of the numbers, null: all 1
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
