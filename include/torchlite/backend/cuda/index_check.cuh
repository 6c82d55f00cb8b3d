// SPDX-License-Identifier: BSD-3-Clause
// Indices out of range on the device. To throw an exception the host would have to wait for every index tensor, so a kernel stops the
// device instead, as PyTorch's do: it prints the number, and the next call that waits throws DeviceError. index_checks() makes the host
// wait, and throw IndexError where the index is used: for finding a mistake.
#pragma once
#include <torchlite/backend/cuda/index_element.hpp>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/team.cuh>

#include <concepts>
#include <cstdio>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// True if this thread waits for the check of every index tensor; false unless it is set.
inline bool& index_checks() {
  static thread_local bool on = false;
  return on;
}

/// Finds the first of n numbers that is not in a range, or stops the device there.
template <class Numbers>
struct CheckNumbers {
  Numbers numbers;
  unsigned long long* first;  ///< null: stop

  __device__ void operator()(std::int64_t i) const {
    if (numbers.fits(i)) return;
    if (first != nullptr) {
      atomicMin(first, static_cast<unsigned long long>(i));
    } else {
      printf("torchlite: index %lld is out of range; it must be in [%lld, %lld]\n", static_cast<long long>(numbers.at(i)),
             static_cast<long long>(numbers.lowest), static_cast<long long>(numbers.highest));
      __trap();
    }
  }
};

template <class Numbers>
RangeCheck check_numbers(const Numbers& numbers, std::int64_t n) {
  if (n == 0) return {};
  if (!index_checks()) {
    launch_each("check_range", CheckNumbers<Numbers>{numbers, nullptr}, n);
    return {};
  }
  const Scratch scratch(2 * sizeof(std::int64_t));
  auto* const first = static_cast<unsigned long long*>(scratch.data());
  auto* const value = reinterpret_cast<std::int64_t*>(first + 1);
  check_status(cudaMemsetAsync(first, 0x7f, sizeof(*first), current_stream()), "cudaMemsetAsync");
  launch_each("check_range", CheckNumbers<Numbers>{numbers, first}, n);
  unsigned long long found = 0;
  copy_to_host(Cuda{}, &found, first, sizeof(found));
  if (found >= static_cast<unsigned long long>(n)) return {};
  launch_each("check_range", CopyNumber<Numbers>{numbers, static_cast<std::int64_t>(found), value}, 1);
  RangeCheck result{false, 0};
  copy_to_host(Cuda{}, &result.offender, value, sizeof(std::int64_t));
  return result;
}

}  // namespace cuda

/// Whether all of these int64 numbers are in [lowest, highest]; see index_checks.
template <std::same_as<Cuda> D>
RangeCheck check_range(D, const StridedMemory& numbers, std::int64_t lowest, std::int64_t highest) {
  return cuda::check_numbers(cuda::StridedNumbers(numbers, lowest, highest), numbers.sizes->numel());
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
