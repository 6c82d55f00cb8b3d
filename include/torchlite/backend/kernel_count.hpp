// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {
inline thread_local std::uint64_t kernels = 0;
inline void count_kernel() { ++kernels; }
}  // namespace backend

/// How many passes over memory this thread has started; for tests and for those who count.
inline std::uint64_t kernel_count() { return backend::kernels; }

}  // namespace torchlite::inline TORCHLITE_ABI
