// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/ctc_element.hpp>
#include <torchlite/backend/cuda/index_check.cuh>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Whether each label of a target is a class; see index_checks.
template <class T>
RangeCheck ctc_labels(Cuda, const CtcArguments<T>& a) {
  const cuda::CtcLabels<T> labels(a);
  return cuda::check_numbers(labels, labels.count());
}
/// losses [batch] and alpha [batch, steps, states]; see the Cpu's.
template <class T>
void ctc_loss_forward(Cuda, const CtcArguments<T>& a, double* losses, double* alpha) {
  count_kernel("ctc_loss_forward");
  if (a.batch > 0) cuda::launch_rows_by<cuda::block_threads, 1>("ctc_loss_forward", cuda::CtcForward<T>{a, losses, alpha}, a.batch);
}
/// dx [steps, batch, classes]; see the Cpu's.
template <class T>
void ctc_loss_backward(Cuda, const CtcArguments<T>& a, bool zero_infinity, const double* losses, const double* alpha, const T* g, T* dx) {
  count_kernel("ctc_loss_backward");
  if (a.batch == 0) return;
  const cuda::Scratch beta(static_cast<std::size_t>(2 * a.batch * a.states) * sizeof(double));
  cuda::launch_rows_by<cuda::block_threads, 1>(
      "ctc_loss_backward", cuda::CtcBackward<T>{a, zero_infinity, losses, alpha, g, static_cast<double*>(beta.data()), dx}, a.batch);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
