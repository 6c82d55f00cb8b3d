// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/norm_element.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// y = (x - mean) / sqrt(variance + eps) * weight + bias along dense rows; weight and bias [n] may be null. mean and rstd [rows] are
/// kept for backward.
template <class T>
void layer_norm_forward(Cuda, std::int64_t rows, std::int64_t n, double eps, const T* x, const T* weight, const T* bias, T* y,
                        register_t<T>* means, register_t<T>* rstds) {
  count_kernel("layer_norm_forward");
  constexpr int width = cuda::row_width<T>;
  const cuda::LayerNormForward<T> task{n, static_cast<register_t<T>>(eps), x, weight, bias, y, means, rstds};
  cuda::launch_rows<width>("layer_norm_forward", task, rows, n, 1, cuda::takes_packets<width>(n, 1, x, weight, bias, y));
}

/// The gradients of the above; dx, dweight and dbias may be null.
template <class T>
void layer_norm_backward(Cuda, std::int64_t rows, std::int64_t n, const T* x, const T* weight, const register_t<T>* means,
                         const register_t<T>* rstds, const T* g, T* dx, T* dweight, T* dbias) {
  count_kernel("layer_norm_backward");
  constexpr int width = cuda::row_width<T>;
  if (dx != nullptr)
    cuda::launch_rows<width>("layer_norm_backward", cuda::LayerNormBackward<T>{n, x, weight, g, means, rstds, dx}, rows, n, 1,
                             cuda::takes_packets<width>(n, 1, x, weight, g, dx));
  if (dweight == nullptr && dbias == nullptr) return;
  using Sums = cuda::TwoSums<register_t<T>>;
  const std::int64_t chunk = cuda::rows_of_chunk(rows, n), chunks = chunk > 0 ? (rows + chunk - 1) / chunk : 0;
  const cuda::Scratch scratch(static_cast<std::size_t>(chunks * n) * sizeof(Sums));
  Sums* const partial = static_cast<Sums*>(scratch.data());
  cuda::launch_each("layer_norm_backward", cuda::LayerNormColumns<T>{rows, n, chunk, x, g, means, rstds, partial}, chunks * n);
  cuda::launch_each("layer_norm_backward", cuda::SumChunks<T>{n, chunks, partial, dweight, dbias}, n);
}

/// Mean and (biased) variance of each channel.
template <class T>
void batch_norm_moments(Cuda, const ChannelLayout& s, const T* x, register_t<T>* means, register_t<T>* variances) {
  count_kernel("batch_norm_moments");
  constexpr int width = cuda::row_width<T>;
  cuda::launch_rows<width>("batch_norm_moments", cuda::BatchNormMoments<T>{s, x, means, variances}, s.channels, s.batch * s.plane, 1,
                           cuda::takes_packets<width>(s.plane, 1, x));
}

/// y = (x - mean) * scale + shift with numbers per channel; shift may be null.
template <class T>
void batch_norm_apply(Cuda, const ChannelLayout& s, const T* x, const register_t<T>* means, const register_t<T>* scales, const T* shifts,
                      T* y) {
  count_kernel("batch_norm_apply");
  constexpr int width = cuda::row_width<T>;
  const std::int64_t n = s.batch * s.channels * s.plane;
  if (cuda::takes_packets<width>(s.plane, 1, x, y))
    cuda::launch_each("batch_norm_apply", cuda::BatchNormApply<T, width>{s, x, means, scales, shifts, y}, n / width);
  else cuda::launch_each("batch_norm_apply", cuda::BatchNormApply<T, 1>{s, x, means, scales, shifts, y}, n);
}

/// The sums of g and of g (x - mean) rstd of each channel, and dx if it is not null; see the Cpu's.
template <class T>
void batch_norm_backward(Cuda, const ChannelLayout& s, bool own, const T* x, const T* g, const register_t<T>* means,
                         const register_t<T>* rstds, const register_t<T>* scales, T* dx, register_t<T>* sums_g, register_t<T>* sums_gx) {
  count_kernel("batch_norm_backward");
  constexpr int width = cuda::row_width<T>;
  cuda::launch_rows<width>("batch_norm_backward", cuda::BatchNormBackward<T>{s, own, x, g, means, rstds, scales, dx, sums_g, sums_gx},
                           s.channels, s.batch * s.plane, 1, cuda::takes_packets<width>(s.plane, 1, x, g, dx));
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
