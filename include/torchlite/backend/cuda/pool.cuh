// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/index_check.cuh>
#include <torchlite/backend/cuda/pool_element.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// y, and where in its plane each element came from; indices may be null.
template <class T, class I>
void max_pool2d_forward(Cuda, const Pool2dShape& s, const T* x, T* y, I* indices) {
  cuda::launch_each("max_pool2d_forward", cuda::MaxPoolForward<T, I>{s, x, y, indices}, s.planes * s.out_h * s.out_w);
}
/// dx: every element of dy added where its maximum came from.
template <class T, class I>
void max_pool2d_backward(Cuda, const Pool2dShape& s, const T* dy, const I* indices, T* dx) {
  cuda::launch_each("max_pool2d_backward", cuda::MaxPoolBackward<T, I>{s, dy, indices, dx}, s.planes * s.in_h * s.in_w);
}

/// The averages of sliding windows.
template <class T>
void avg_pool2d_forward(Cuda, const Pool2dShape& s, AveragePooling how, const T* x, T* y) {
  cuda::launch_each("avg_pool2d_forward", cuda::AveragePoolForward<T, cuda::SlidingAverage>{{s, how}, x, y}, s.planes * s.out_h * s.out_w);
}
template <class T>
void avg_pool2d_backward(Cuda, const Pool2dShape& s, AveragePooling how, const T* dy, T* dx) {
  cuda::launch_each("avg_pool2d_backward", cuda::AveragePoolBackward<T, cuda::SlidingAverage>{{s, how}, dy, dx},
                    s.planes * s.in_h * s.in_w);
}
/// The averages of out_h x out_w bins; of s only planes and the sizes count.
template <class T>
void adaptive_avg_pool2d_forward(Cuda, const Pool2dShape& s, const T* x, T* y) {
  cuda::launch_each("adaptive_avg_pool2d_forward", cuda::AveragePoolForward<T, cuda::AdaptiveAverage>{{s}, x, y},
                    s.planes * s.out_h * s.out_w);
}
template <class T>
void adaptive_avg_pool2d_backward(Cuda, const Pool2dShape& s, const T* dy, T* dx) {
  cuda::launch_each("adaptive_avg_pool2d_backward", cuda::AveragePoolBackward<T, cuda::AdaptiveAverage>{{s}, dy, dx},
                    s.planes * s.in_h * s.in_w);
}

/// The maxima of windows of any kind, along up to three axes, and where they lie.
template <class T, class I>
void max_pool_windows_forward(Cuda, const PoolWindows& w, const T* x, T* y, I* indices) {
  std::vector<std::int64_t> numbers;
  std::size_t first[3][2];
  for (int d = 0; d < 3; ++d) {
    first[d][0] = numbers.size();
    numbers.insert(numbers.end(), w.axes[d].start.begin(), w.axes[d].start.end());
    first[d][1] = numbers.size();
    numbers.insert(numbers.end(), w.axes[d].end.begin(), w.axes[d].end.end());
  }
  const cuda::Scratch scratch(numbers.size() * sizeof(std::int64_t));
  auto* const on_device = static_cast<std::int64_t*>(scratch.data());
  copy_from_host(Cuda{}, on_device, numbers.data(), numbers.size() * sizeof(std::int64_t));
  cuda::MaxWindows<T, I> task{{}, x, y, indices};
  for (int d = 0; d < 3; ++d) {
    const PoolAxis& a = w.axes[d];
    task.axes[d] = {a.in, a.out, a.step, a.per_plane, on_device + first[d][0], on_device + first[d][1]};
  }
  cuda::launch_each("max_pool_windows_forward", task, w.planes * w.out_plane());
}

/// -1 if all indices are in [0, size), else 0 and one that is not; see index_checks.
template <class I>
std::int64_t plane_index_outside(Cuda, std::int64_t count, std::int64_t size, const I* index, std::int64_t* offender) {
  const RangeCheck range = cuda::check_numbers(cuda::NumbersOf<I>{index, 0, size - 1}, count);
  *offender = range.offender;
  return range.ok ? -1 : 0;
}
/// y[p, i] = x[p, index[p, i]].
template <class T, class I>
void plane_get(Cuda, std::int64_t planes, std::int64_t size, std::int64_t count, const T* x, const I* index, T* y) {
  cuda::launch_each("plane_get", cuda::PlaneGet<T, I>{size, count, x, index, y}, planes * count);
}
/// y = 0, then y[p, index[p, i]] = x[p, i], or += x[p, i], in order.
template <class T, class I>
void plane_put(Cuda, std::int64_t planes, std::int64_t size, std::int64_t count, const T* x, const I* index, bool add, T* y) {
  if (planes * size == 0) return;
  cuda::check_status(cudaMemsetAsync(y, 0, static_cast<std::size_t>(planes * size) * sizeof(T), cuda::current_stream()), "cudaMemsetAsync");
  cuda::launch_each("plane_put", cuda::PlanePut<T, I>{size, count, x, index, add, y}, planes);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
