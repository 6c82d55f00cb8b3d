// SPDX-License-Identifier: BSD-3-Clause
// A recurrent layer over whole sequences: each step is one product and one kernel. See the Cpu's.
#pragma once
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/recurrent_element.hpp>
#include <torchlite/backend/cuda/team.cuh>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// to = from, or zeros where there is nothing.
template <class T>
void copy_or_clear(T* to, const T* from, std::int64_t n) {
  const auto bytes = static_cast<std::size_t>(n) * sizeof(T);
  if (from != nullptr) copy_async(to, from, bytes);
  else if (n > 0) check_status(cudaMemsetAsync(to, 0, bytes, current_stream()), "cudaMemsetAsync");
}

}  // namespace cuda

template <class Cell, class T>
void recurrent_forward(Cuda, const RecurrentArguments<T>& a) {
  count_kernel("recurrent_forward");
  const std::int64_t all = Cell::gates * a.hidden;
  const cuda::Scratch apart(Cell::apart ? static_cast<std::size_t>(a.batch * all) * sizeof(T) : 0);
  T* const from_h = static_cast<T*>(apart.data());
  const auto multiply = [&](std::int64_t t, const T* h) {
    if (h == nullptr) {
      if constexpr (Cell::apart) cuda::copy_or_clear<T>(from_h, nullptr, a.batch * all);
      return;
    }
    auto g = GemmArguments<T>::dense(a.batch, all, a.hidden, h, a.weight, Cell::apart ? from_h : a.gates + t * a.batch * all);
    g.b_row = 1, g.b_col = a.hidden;  // the weight's transpose
    g.beta = Cell::apart ? 0 : 1;
    gemm(Cuda{}, g);
  };
  cuda::recurrent_steps<Cell>(a, static_cast<const T*>(from_h), multiply,
                              [](const auto& step) { cuda::launch_each("recurrent_forward", step, step.count()); });
}

/// The gradients of all that forward took; its results must still be there.
template <class Cell, class T>
void recurrent_backward(Cuda, const RecurrentArguments<T>& a, const RecurrentGradients<T>& d) {
  count_kernel("recurrent_backward");
  const std::int64_t all = Cell::gates * a.hidden, size = a.batch * a.hidden;
  const cuda::Scratch states(static_cast<std::size_t>(2 * size) * sizeof(T));
  T *const dh = static_cast<T*>(states.data()), *const dkept = dh + size;
  cuda::copy_or_clear<T>(dh, nullptr, size);
  cuda::copy_or_clear<T>(dkept, d.dkept_n, size);
  const auto multiply = [&](std::int64_t t) {
    auto g = GemmArguments<T>::dense(a.batch, a.hidden, all, (Cell::apart ? d.dfrom_h : d.dgates) + t * a.batch * all, a.weight, dh);
    g.beta = Cell::apart ? 1 : 0;
    gemm(Cuda{}, g);
  };
  cuda::recurrent_steps_backward<Cell>(a, d, dh, dkept, multiply,
                                       [&](const auto& step) { cuda::launch_each("recurrent_backward", step, size); });
  if (d.dh_0 != nullptr) cuda::copy_or_clear<T>(d.dh_0, dh, size);
  if (d.dkept_0 != nullptr) cuda::copy_or_clear<T>(d.dkept_0, dkept, size);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
