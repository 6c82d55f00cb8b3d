// SPDX-License-Identifier: BSD-3-Clause
// Thrust's algorithms on the library's terms: the current stream, memory from its pool, no wait at the end.
#pragma once
#include <torchlite/backend/cuda/allocate.cuh>

#include <thrust/device_ptr.h>
#include <thrust/execution_policy.h>
#include <thrust/system/cuda/execution_policy.h>

#include <cstddef>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Where Thrust's algorithms take temporary memory from.
struct ThrustAllocator {
  using value_type = char;
  char* allocate(std::ptrdiff_t bytes) {
    Place place;
    return static_cast<char*>(take_memory(static_cast<std::size_t>(bytes), place));
  }
  void deallocate(char* p, std::size_t bytes) { give_memory_back(p, bytes, current_place(Cuda{})); }
};

/// The execution policy of thrust::sort and its kin: they run on the current stream and, unless they return a value, do not wait for
/// it.
///   thrust::sort(cuda::thrust_policy(), cuda::begin(x), cuda::end(x));
inline auto thrust_policy() {
  static ThrustAllocator allocator;
  return thrust::cuda::par_nosync(allocator).on(current_stream());
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
