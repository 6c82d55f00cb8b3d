// SPDX-License-Identifier: BSD-3-Clause
// Bags and segments of rows, and sums of neighbours.
#pragma once
#include <torchlite/backend/cuda/bag_element.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// See cuda::SumBags. The ends of the bags are in device memory.
template <class T>
void sum_bags(Cuda, const BagArguments<T>& a, bool mean, T* out) {
  count_kernel("sum_bags");
  cuda::launch_each("sum_bags", cuda::SumBags<T>{a, mean, out}, a.bags * a.width);
}
/// See cuda::LargestInBags.
template <class T>
void largest_in_bags(Cuda, const BagArguments<T>& a, std::int64_t* rows) {
  count_kernel("largest_in_bags");
  cuda::launch_each("largest_in_bags", cuda::LargestInBags<T>{a, rows}, a.bags * a.width);
}
/// See cuda::SegmentExtreme; first and length are in device memory.
template <bool Largest, class T>
void segment_extreme(Cuda, const T* x, std::int64_t width, const std::int64_t* first, const std::int64_t* length, std::int64_t segments,
                     double initial, T* out) {
  count_kernel("segment_extreme");
  cuda::launch_each("segment_extreme", cuda::SegmentExtreme<Largest, T>{x, width, first, length, static_cast<register_t<T>>(initial), out},
                    segments * width);
}
/// See cuda::WindowSum.
template <class T>
void window_sum(Cuda, const RowLayout& a, std::int64_t before, std::int64_t after, const T* x, T* y) {
  count_kernel("window_sum");
  cuda::launch_each("window_sum", cuda::WindowSum<T>{a, before, after, x, y}, a.outer * a.n * a.inner);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
