// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <atomic>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Bytes in use and the most there were. Any thread may count.
class MemoryCounter {
 public:
  void add(std::int64_t bytes) {
    const std::int64_t now = current_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    std::int64_t peak = peak_.load(std::memory_order_relaxed);
    while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {}
  }
  void remove(std::int64_t bytes) { current_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::int64_t current() const { return current_.load(std::memory_order_relaxed); }
  std::int64_t peak() const { return peak_.load(std::memory_order_relaxed); }
  /// The peak starts again from what is in use now.
  void reset_peak() { peak_.store(current(), std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> current_{0};
  std::atomic<std::int64_t> peak_{0};
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
