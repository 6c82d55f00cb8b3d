// SPDX-License-Identifier: BSD-3-Clause
// An optimizer's step on the device: updates are put into a table, and all of one formula start as one kernel.
#pragma once
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/optimizer_element.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

#include <cstring>
#include <span>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

template <class F, class T>
__global__ void __launch_bounds__(block_threads)
    update_kernel(const __grid_constant__ UpdateTable<T> table, const __grid_constant__ F formula) {
  update_chunk_of(table, formula, static_cast<int>(blockIdx.x), static_cast<int>(threadIdx.x));
}

template <class F, class T>
void launch_update(const UpdateTable<T>& table, const F& formula) {
  if (table.blocks() == 0) return;
  count_kernel("update_parameters");
  update_kernel<F, T><<<static_cast<unsigned>(table.blocks()), block_threads, 0, current_stream()>>>(table, formula);
  check_launch("update_parameters");
}

/// Starts what a thread has put into its table; null if there is nothing.
inline void (*&pending_updates())() {
  static thread_local void (*start)() = nullptr;
  return start;
}
template <class F, class T>
struct UpdateQueue {
  UpdateTable<T> table;
  alignas(F) std::byte formula[sizeof(F)];

  static UpdateQueue& current() {
    static thread_local UpdateQueue queue;
    return queue;
  }
  static void start() {
    UpdateQueue& q = current();
    pending_updates() = nullptr;
    launch_update(q.table, *reinterpret_cast<const F*>(q.formula));
    q.table.count = 0;
  }
};

}  // namespace cuda

/// Starts all updates that this thread has queued.
inline void flush_updates(Cuda) {
  if (auto* const start = cuda::pending_updates()) start();
}

/// update_parameters at some time before flush_updates returns, together with others of the same formula. The memory must stay as it
/// is until then.
template <class F, class T>
void queue_update(Cuda, const F& formula, std::int64_t n, T* p, const T* g, T* a, T* b, T* c) {
  static_assert(std::is_trivially_copyable_v<F>);
  using Queue = cuda::UpdateQueue<F, T>;
  Queue& q = Queue::current();
  if (cuda::pending_updates() != &Queue::start || q.table.full() || std::memcmp(q.formula, &formula, sizeof(F)) != 0) {
    flush_updates(Cuda{});
    std::memcpy(q.formula, &formula, sizeof(F));
    cuda::pending_updates() = &Queue::start;
  }
  q.table.add({p, g, {a, b, c}, n});
}

/// Applies formula to n elements of dense memory; states that the formula does not have are null.
template <class F, class T>
void update_parameters(Cuda, const F& formula, std::int64_t n, T* p, const T* g, T* a, T* b, T* c) {
  cuda::UpdateTable<T> table;
  table.add({p, g, {a, b, c}, n});
  cuda::launch_update(table, formula);
}

namespace cuda {

/// result[0] = the norm of all gradients together, result[1] = what they are to be multiplied by to have at most max_norm, on the device.
template <bool Largest, class T>
void norm_of_all(std::span<const UpdateTensor<T>> gradients, double power, double max_norm, double* result) {
  std::int64_t blocks = 0;
  for (const auto& t : gradients) blocks += (t.n + update_chunk - 1) / update_chunk;
  const Scratch scratch(static_cast<std::size_t>(blocks) * sizeof(double));
  double* const partial = static_cast<double*>(scratch.data());
  std::int64_t done = 0;
  for (std::size_t i = 0; i < gradients.size();) {
    ChunkNorms<Largest, T> task{{}, power, partial + done};
    while (i < gradients.size() && !task.table.full()) task.table.add(gradients[i++]);
    if (task.table.blocks() > 0) launch_rows_by<block_threads, 1>("gradient_norm", task, task.table.blocks());
    done += task.table.blocks();
  }
  launch_rows_by<block_threads, 1>("gradient_norm", FinishNorm<Largest>{blocks, power, max_norm, partial, result}, 1);
}

template <class T>
std::vector<UpdateTensor<T>> tensors_of(std::span<T* const> data, std::span<const std::int64_t> sizes) {
  std::vector<UpdateTensor<T>> tensors;
  for (std::size_t i = 0; i < data.size(); ++i) tensors.push_back({data[i], data[i], {}, sizes[i]});
  return tensors;
}

}  // namespace cuda

/// The norm of all gradients together, as result[0], and what they are to be multiplied by so that it is at most max_norm, as result[1]; both on
/// the device, so that nothing waits.
template <class T>
void gradient_norm(Cuda, std::span<T* const> data, std::span<const std::int64_t> sizes, double power, double max_norm, double* result) {
  count_kernel("gradient_norm");
  const std::vector<cuda::UpdateTensor<T>> gradients = cuda::tensors_of(data, sizes);
  const std::span<const cuda::UpdateTensor<T>> all(gradients);
  if (__builtin_isinf(power)) cuda::norm_of_all<true>(all, power, max_norm, result);
  else cuda::norm_of_all<false>(all, power, max_norm, result);
}

/// Multiplies gradients in place by result[1] of gradient_norm.
template <class T>
void scale_gradients(Cuda, std::span<T* const> data, std::span<const std::int64_t> sizes, const double* result) {
  for (const auto& t : cuda::tensors_of(data, sizes))
    queue_update(Cuda{}, cuda::ScaleByResult<register_t<T>>{result + 1}, t.n, t.p, t.g, t.states[0], t.states[1], t.states[2]);
  flush_updates(Cuda{});
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
