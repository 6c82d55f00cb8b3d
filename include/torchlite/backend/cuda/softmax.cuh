// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/softmax_element.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// y = e^x / sum e^x (Log: x - log sum e^x) along each row.
template <bool Log, class T>
void softmax_forward(Cuda, const RowLayout& rows, const T* x, T* y) {
  count_kernel("softmax_forward");
  constexpr int width = cuda::row_width<T>;
  cuda::launch_rows<width>("softmax_forward", cuda::SoftmaxForward<Log, T>{rows, x, y}, rows.count(), rows.n, rows.inner,
                           cuda::takes_packets<width>(rows.n, rows.inner, x, y));
}

/// dx = y (g - sum g y) (Log: g - e^y sum g) along each row.
template <bool Log, class T>
void softmax_backward(Cuda, const RowLayout& rows, const T* y, const T* g, T* dx) {
  count_kernel("softmax_backward");
  constexpr int width = cuda::row_width<T>;
  cuda::launch_rows<width>("softmax_backward", cuda::SoftmaxBackward<Log, T>{rows, y, g, dx}, rows.count(), rows.n, rows.inner,
                           cuda::takes_packets<width>(rows.n, rows.inner, y, g, dx));
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
