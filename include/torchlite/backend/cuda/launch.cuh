// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/geometry.hpp>
#include <torchlite/backend/cuda/stream.cuh>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// How many blocks of a kernel the current device runs at a time; asked once for each kernel and thread.
template <class Kernel>
std::int64_t resident_blocks(Kernel kernel, int& cache) {
  if (cache == 0) {
    int per_processor = 0, processors = 0;
    check_status(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&per_processor, reinterpret_cast<const void*>(kernel), block_threads, 0),
                 "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
    check_status(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, current_device()), "cudaDeviceGetAttribute");
    cache = per_processor * processors > 0 ? per_processor * processors : 1;
  }
  return cache;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
