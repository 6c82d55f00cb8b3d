// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/profiler.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#if TORCHLITE_OPENMP
#include <omp.h>
#endif

namespace torchlite::inline TORCHLITE_ABI {

/// How many threads a large operation may use.
inline int get_num_threads() {
#if TORCHLITE_OPENMP
  return omp_get_max_threads();
#else
  return 1;
#endif
}

/// Limits the threads of operations started from this thread; without OpenMP there is only one.
inline void set_num_threads([[maybe_unused]] int n) {
#if TORCHLITE_OPENMP
  omp_set_num_threads(std::max(1, n));
#endif
}

namespace backend {

/// Calls f(begin, end) on disjoint ranges that together are [0, n), in several threads if n is more than one grain.
/// Who computes an element depends on the number of threads, so f must not combine elements across a range's ends.
template <class F>
void parallel_for(std::int64_t n, [[maybe_unused]] std::int64_t grain, F&& f) {
#if TORCHLITE_OPENMP
  const std::int64_t parts = std::min<std::int64_t>(omp_get_max_threads(), (n + grain - 1) / std::max<std::int64_t>(grain, 1));
  if (parts > 1 && !omp_in_parallel()) {
    std::exception_ptr error;
#pragma omp parallel num_threads(static_cast <int>(parts))
    {
      const std::int64_t t = omp_get_thread_num(), count = omp_get_num_threads();
      try {
        const std::int64_t begin = n * t / count, end = n * (t + 1) / count;
        if (begin < end) f(begin, end);
      } catch (...) {
#pragma omp critical(torchlite_parallel_for)
        error = std::current_exception();
      }
    }
    if (error) std::rethrow_exception(error);
    if (profiler::is_enabled()) [[unlikely]]
      profiler::end_kernel_loop();
    return;
  }
#endif
  if (n > 0) f(std::int64_t{0}, n);
  if (profiler::is_enabled()) [[unlikely]]
    profiler::end_kernel_loop();
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
