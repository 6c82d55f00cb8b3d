// SPDX-License-Identifier: BSD-3-Clause
// Copies between the host and the devices, and pinned host memory, from which they run beside computation.
#pragma once
#include <torchlite/backend/cuda/allocate.cuh>
#include <torchlite/backend/cuda/pinned_pool.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

inline void* take_pinned(std::size_t bytes) {
  const RelaxedCapture relaxed;
  void* p = nullptr;
  check_status(cudaMallocHost(&p, bytes), "cudaMallocHost");
  return p;
}
inline void give_pinned_back(void* p) { cudaFreeHost(p); }

inline PinnedPool<Event>& pinned_pool() {
  static auto* const pool = new PinnedPool<Event>(take_pinned, give_pinned_back);
  return *pool;
}

/// A copy on the current stream that returns at once.
inline void copy_async(void* dst, const void* src, std::size_t bytes) {
  if (bytes > 0) check_status(cudaMemcpyAsync(dst, src, bytes, cudaMemcpyDefault, current_stream()), "cudaMemcpyAsync");
}

/// True if the pointer is to host memory that the device reads and writes by itself.
inline bool is_pinned(const void* p) {
  cudaPointerAttributes attributes{};
  if (cudaPointerGetAttributes(&attributes, p) != cudaSuccess) {
    cudaGetLastError();
    return false;
  }
  return attributes.type == cudaMemoryTypeHost;
}

/// The pinned block at p is used by what the current stream has been given: it is not handed out again before.
inline void keep_pinned(const void* p) {
  if (Capture* const capture = current_capture) {
    if (pinned_pool().hold(p)) capture->pinned.push_back(p);
    return;
  }
  Event event;
  event.record();
  pinned_pool().used_until(p, std::move(event));
}

inline void wait_for_current_stream() { check_status(cudaStreamSynchronize(current_stream()), "cudaStreamSynchronize"); }

}  // namespace cuda

/// Pinned host memory; kept for the next one when it is freed.
inline void* allocate_pinned(Cuda, std::size_t bytes) { return cuda::pinned_pool().allocate(bytes); }
inline void deallocate_pinned(Cuda, void* p) { cuda::pinned_pool().deallocate(p); }
inline bool is_pinned(Cuda, const void* p) { return cuda::is_pinned(p); }

/// Copies host memory; when this returns src may change, though the device may not have the data yet.
inline void copy_from_host(Cuda, void* dst, const void* src, std::size_t bytes) {
  if (bytes == 0) return;
  cuda::note_synchronization("copy to the device");
  cuda::copy_async(dst, src, bytes);
  // Ordinary memory was copied to a buffer of the driver's; pinned memory is still being read.
  if (cuda::is_pinned(src)) cuda::wait_for_current_stream();
}

/// Waits for the current stream and returns with the data in dst.
inline void copy_to_host(Cuda, void* dst, const void* src, std::size_t bytes) {
  if (bytes == 0) return;
  cuda::note_synchronization("copy to the host");
  cuda::copy_async(dst, src, bytes);
  cuda::wait_for_current_stream();
}

/// Copies pinned host memory on the current stream and returns at once: src must not change until the stream has come to it. Other
/// host memory is copied as copy_from_host does.
inline void copy_from_host_async(Cuda, void* dst, const void* src, std::size_t bytes) {
  if (bytes == 0) return;
  if (!cuda::is_pinned(src)) return copy_from_host(Cuda{}, dst, src, bytes);
  cuda::copy_async(dst, src, bytes);
  cuda::keep_pinned(src);
}
/// Copies to pinned host memory on the current stream and returns at once: dst has the data when the stream has come to it.
inline void copy_to_host_async(Cuda, void* dst, const void* src, std::size_t bytes) {
  if (bytes == 0) return;
  if (!cuda::is_pinned(dst)) return copy_to_host(Cuda{}, dst, src, bytes);
  cuda::copy_async(dst, src, bytes);
  cuda::keep_pinned(dst);
}

/// Copies from device to device, on the current stream of the first tag, after what the second one's has been given so far, which in
/// turn waits for the copy before it goes on (and frees or overwrites the source).
inline void copy_between(Cuda to, void* dst, Cuda from, const void* src, std::size_t bytes) {
  if (bytes == 0) return;
  // The handle of a default stream means that of the current device, hence a guard around each call.
  const auto pass_on = [](Cuda before, Cuda after) {
    if (cuda::index_of(before) == cuda::index_of(after)) return;
    const cuda::DeviceGuard first(before);
    cuda::Event reached;
    reached.record();
    const cuda::DeviceGuard then(after);
    reached.wait();
  };
  pass_on(from, to);
  {
    const cuda::DeviceGuard guard(to);
    cuda::copy_async(dst, src, bytes);
  }
  pass_on(to, from);
}

/// Gives all blocks that nobody uses back to the system, device memory and pinned host memory.
inline void empty_cache(Cuda device) {
  const cuda::DeviceGuard guard(device);
  cuda::wait_for_current_stream();
  cuda::check_status(cudaMemPoolTrimTo(cuda::memory_pool(cuda::index_of(device)), 0), "cudaMemPoolTrimTo");
  cuda::pinned_pool().trim();
}
namespace cuda {
inline void empty_cache(Cuda device = {}) { backend::empty_cache(device); }
}  // namespace cuda

}  // namespace torchlite::inline TORCHLITE_ABI::backend
