// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/distance_element.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// out [count, rows_a, rows_b] from dense a [count, rows_a, n] and b [count, rows_b, n].
template <class T>
void pair_distances(Cuda, double p, std::int64_t count, std::int64_t rows_a, std::int64_t rows_b, std::int64_t n, const T* a, const T* b,
                    T* out) {
  count_kernel("pair_distances");
  cuda::launch_each("pair_distances", cuda::PairDistance<T>{distance_kind(p), static_cast<T>(p), rows_a, rows_b, n, a, b, out},
                    count * rows_a * rows_b);
}

/// The gradient of a, or with the operands exchanged (`across`: distances and g are [count, rows_b, rows_a]) that of b.
template <class T>
void pair_distance_gradient(Cuda, double p, std::int64_t count, std::int64_t rows_a, std::int64_t rows_b, std::int64_t n, bool across,
                            const T* a, const T* b, const T* distances, const T* g, T* to) {
  count_kernel("pair_distance_gradient");
  cuda::launch_each("pair_distance_gradient",
                    cuda::PairDistanceGradient<T>{distance_kind(p), static_cast<T>(p), rows_a, rows_b, n, across, a, b, distances, g, to},
                    count * rows_a * n);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
