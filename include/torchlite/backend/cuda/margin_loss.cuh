// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/margin_loss_element.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// out [rows] and slope [rows, classes]; see the Cpu's.
template <class T>
void multilabel_margin_loss(Cuda, std::int64_t rows, std::int64_t classes, const T* x, const std::int64_t* target, T* out, T* slope) {
  count_kernel("multilabel_margin_loss");
  if (rows > 0)
    cuda::launch_rows_by<cuda::warp_threads, 1>("multilabel_margin_loss", cuda::MultilabelMarginLoss<T>{classes, x, target, out, slope},
                                                rows);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
