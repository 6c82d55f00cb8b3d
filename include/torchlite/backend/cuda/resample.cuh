// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/radix_sort.cuh>
#include <torchlite/backend/cuda/resample_element.hpp>
#include <torchlite/backend/cuda/team.cuh>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// See GridPlaces.
template <class T>
void grid_places(Cuda, std::int64_t count, const GridPlaces<T>& a) {
  cuda::launch_each("grid_places", a, count);
}
/// See GridIndices.
template <class T>
void grid_indices(Cuda, std::int64_t batch, const GridIndices<T>& a) {
  cuda::launch_each("grid_indices", a, batch * a.points);
}

/// y[n, c, p] = sum over t of weight[n, t, p] x[n, c, index[n, t, p]].
template <class T>
void weighted_taps_forward(Cuda, const WeightedTaps& s, const std::int64_t* index, const T* weight, const T* x, T* y) {
  cuda::launch_each("weighted_taps_forward", cuda::WeightedTapsForward<T>{s, index, weight, x, y}, s.batch * s.channels * s.points);
}
/// dx, from dy: what each element gave.
template <class T>
void weighted_taps_backward_input(Cuda, const WeightedTaps& s, const std::int64_t* index, const T* weight, const T* dy, T* dx) {
  const std::int64_t elements = s.batch * s.channels * s.size, taps = s.batch * s.taps * s.points;
  if (elements == 0) return;
  cuda::check_status(cudaMemsetAsync(dx, 0, static_cast<std::size_t>(elements) * sizeof(T), cuda::current_stream()), "cudaMemsetAsync");
  if (taps == 0) return;
  cuda::SortBuffers sorted(taps);
  cuda::launch_each("weighted_taps_backward_input", cuda::TapKeys{s, index, sorted.keys, sorted.numbers}, taps);
  cuda::sort_by_key<>(sorted, cuda::bits_for(s.batch * s.size + 1));
  cuda::launch_each("weighted_taps_backward_input", cuda::WeightedTapsToInput<T>{s, sorted.keys, sorted.numbers, weight, dy, dx},
                    taps * s.channels);
}
/// dweight[n, t, p] = sum over c of dy[n, c, p] x[n, c, index[n, t, p]].
template <class T>
void weighted_taps_backward_weight(Cuda, const WeightedTaps& s, const std::int64_t* index, const T* dy, const T* x, T* dweight) {
  cuda::launch_each("weighted_taps_backward_weight", cuda::WeightedTapsToWeight<T>{s, index, dy, x, dweight}, s.batch * s.taps * s.points);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
