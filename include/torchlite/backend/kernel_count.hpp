// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/profiler.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {
inline thread_local std::uint64_t kernels = 0;
/// What a kernel calls where it begins; the name is what a profile shows.
inline void count_kernel(const char* name = "kernel") {
  ++kernels;
  if (profiler::is_enabled()) [[unlikely]]
    profiler::begin_kernel(name);
}
}  // namespace backend

/// How many passes over the memory of tensors this thread has started; drawing random numbers into fresh memory is not counted.
inline std::uint64_t kernel_count() { return backend::kernels; }

}  // namespace torchlite::inline TORCHLITE_ABI
