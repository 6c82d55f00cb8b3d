// SPDX-License-Identifier: BSD-3-Clause
// One stable sort for everything: 64-bit keys with a number each, by CUB. Other orders are made by keys.
#pragma once
#include <torchlite/backend/cuda/temporary.cuh>

#include <cub/device/device_radix_sort.cuh>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Device memory for keys and numbers, and as much again to sort into.
struct SortBuffers {
  explicit SortBuffers(std::int64_t n) : count(n), memory(static_cast<std::size_t>(4 * n) * 8) {
    keys = static_cast<std::uint64_t*>(memory.data());
    numbers = reinterpret_cast<std::int64_t*>(keys + n);
    other_keys = keys + 2 * n;
    other_numbers = numbers + 2 * n;
  }
  std::int64_t count;
  Scratch memory;
  std::uint64_t *keys, *other_keys;
  std::int64_t *numbers, *other_numbers;
};

/// Sorts by the lowest `bits` bits of the keys; equal keys keep their order. A template, so that only who sorts compiles it.
template <class Number = std::int64_t>
void sort_by_key(SortBuffers& b, int bits) {
  cub::DoubleBuffer<std::uint64_t> keys(b.keys, b.other_keys);
  cub::DoubleBuffer<Number> numbers(b.numbers, b.other_numbers);
  with_temporary("cub::DeviceRadixSort::SortPairs", [&](void* memory, std::size_t& bytes) {
    return cub::DeviceRadixSort::SortPairs(memory, bytes, keys, numbers, b.count, 0, bits, current_stream());
  });
  b.keys = keys.Current(), b.other_keys = keys.Alternate();
  b.numbers = numbers.Current(), b.other_numbers = numbers.Alternate();
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
