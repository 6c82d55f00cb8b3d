// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/gemm_kernel.hpp>
#include <torchlite/core/dtype.hpp>

#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The sum of `count` adjacent elements, by vectors, in an order that depends on count alone.
template <class T>
auto dense_sum(const T* from, std::int64_t count) {
  using A = register_t<T>;
  std::int64_t i = 0;
  A sum = 0;
  if constexpr (std::is_floating_point_v<T>) {
    constexpr std::int64_t lanes = vector_lanes<A>;
    vector_register<A> low{}, high{};
    for (; i + 2 * lanes <= count; i += 2 * lanes) {
      low += load_vector(from + i);
      high += load_vector(from + i + lanes);
    }
    A parts[lanes];
    store_vector(parts, low + high);
    for (const A part : parts) sum += part;
  }
  for (; i < count; ++i) sum += static_cast<A>(from[i]);
  return sum;
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
