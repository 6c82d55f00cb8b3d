// SPDX-License-Identifier: BSD-3-Clause
// What a loss function is asked for, on any device.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {

/// What becomes of the losses of the elements. batchmean, of kl_div only, is the sum divided by the first size.
enum class Reduction { none, mean, sum, batchmean };

namespace backend {

/// A loss between rows x [outer, classes, inner] and one target class for each row.
template <class T>
struct ClassLossArguments {
  std::int64_t outer = 1, classes = 1, inner = 1;
  const T* x = nullptr;
  const std::int64_t* target = nullptr;  ///< [outer, inner]
  const T* weight = nullptr;             ///< [classes], null: all 1
  std::int64_t ignore_index = -100;
  double smoothing = 0;
  Reduction reduction = Reduction::mean;
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
