// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/index_check.cuh>
#include <torchlite/backend/cuda/loss_element.hpp>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// The losses -sum_c q_c log p_c, q being the smoothed, weighted target; see the Cpu's. Targets out of range are found as indices are.
template <bool Normalize, class T>
void class_loss_forward(Cuda, const char* op, const ClassLossArguments<T>& a, T* out, register_t<T>* lse, register_t<T>* total) {
  count_kernel("class_loss_forward");
  constexpr int width = cuda::row_width<T>;
  const std::int64_t rows = a.outer * a.inner;
  const RangeCheck range = cuda::check_numbers(cuda::NumbersOf<std::int64_t>{a.target, 0, a.classes - 1, a.ignore_index, true}, rows);
  check<IndexError>(range.ok, "{}: target {} is out of range for {} classes; it must be in [0, {}) or ignore_index ({})", op,
                    range.offender, a.classes, a.classes, a.ignore_index);
  using Sums = cuda::TwoSums<register_t<T>>;
  const cuda::Scratch scratch(static_cast<std::size_t>(rows) * sizeof(Sums));
  Sums* const losses = static_cast<Sums*>(scratch.data());
  cuda::launch_rows<width>("class_loss_forward", cuda::ClassLossForward<Normalize, T>{cuda::ClassTargets<T>(a), losses, lse}, rows,
                           a.classes, a.inner, cuda::takes_packets<width>(a.classes, a.inner, a.x));
  cuda::launch_rows_by<cuda::block_threads, 1>("class_loss_forward", cuda::ReduceLosses<T>{rows, a.reduction, losses, out, total}, 1);
}

/// dx, from g [rows] or, reduced, [1].
template <bool Normalize, class T>
void class_loss_backward(Cuda, const ClassLossArguments<T>& a, const T* g, const register_t<T>* lse, const register_t<T>* total, T* dx) {
  count_kernel("class_loss_backward");
  constexpr int width = cuda::row_width<T>;
  cuda::launch_rows<width>("class_loss_backward", cuda::ClassLossBackward<Normalize, T>{cuda::ClassTargets<T>(a), g, lse, total, dx},
                           a.outer * a.inner, a.classes, a.inner, cuda::takes_packets<width>(a.classes, a.inner, a.x, dx));
}

/// The smoothed, weighted targets q [outer, classes, inner] themselves, and their sums over the classes [outer, inner].
template <class T>
void class_targets(Cuda, const ClassLossArguments<T>& a, T* q, T* mass) {
  count_kernel("class_targets");
  cuda::launch_each("class_targets", cuda::WriteClassTargets<T>{cuda::ClassTargets<T>(a), q, mass}, a.outer * a.inner);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
