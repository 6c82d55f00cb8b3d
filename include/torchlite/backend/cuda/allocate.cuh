// SPDX-License-Identifier: BSD-3-Clause
// Device memory from the driver's stream-ordered pool, which keeps what was freed; while a graph is captured, from the graph's own.
#pragma once
#include <torchlite/backend/cuda/capture.cuh>
#include <torchlite/backend/cuda/memory_counter.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// A device's pool. On first use it is told to give nothing back to the system by itself, and to let other devices read it.
inline cudaMemPool_t memory_pool(int device) {
  static std::atomic<cudaMemPool_t> pools[max_devices] = {};
  cudaMemPool_t pool = pools[device].load(std::memory_order_acquire);
  if (pool != nullptr) return pool;
  check_status(cudaDeviceGetDefaultMemPool(&pool, device), "cudaDeviceGetDefaultMemPool");
  std::uint64_t everything = UINT64_MAX;
  check_status(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &everything), "cudaMemPoolSetAttribute");
  for (int other = 0, count = device_count(); other < count; ++other) {
    int possible = 0;
    if (other == device || cudaDeviceCanAccessPeer(&possible, other, device) != cudaSuccess || possible == 0) continue;
    cudaMemAccessDesc access{};
    access.location.type = cudaMemLocationTypeDevice;
    access.location.id = other;
    access.flags = cudaMemAccessFlagsProtReadWrite;
    check_status(cudaMemPoolSetAccess(pool, &access, 1), "cudaMemPoolSetAccess");
  }
  pools[device].store(pool, std::memory_order_release);
  return pool;
}

/// The bytes that tensors hold on a device.
inline MemoryCounter& memory_counter(int device) {
  static MemoryCounter counters[max_devices];
  return counters[device];
}

inline std::int64_t pool_bytes(Cuda device, cudaMemPoolAttr attribute) {
  std::uint64_t bytes = 0;
  check_status(cudaMemPoolGetAttribute(memory_pool(index_of(device)), attribute, &bytes), "cudaMemPoolGetAttribute");
  return static_cast<std::int64_t>(bytes);
}

/// Bytes of device memory that tensors hold, and the most they held since reset_peak_memory_stats.
inline std::int64_t memory_allocated(Cuda device = {}) { return memory_counter(index_of(device)).current(); }
inline std::int64_t max_memory_allocated(Cuda device = {}) { return memory_counter(index_of(device)).peak(); }
/// Bytes taken from the system, in use or kept for later, graphs' own memory included.
inline std::int64_t memory_reserved(Cuda device = {}) {
  return pool_bytes(device, cudaMemPoolAttrReservedMemCurrent) +
         static_cast<std::int64_t>(GraphMemories::instance().reserved_bytes(index_of(device)));
}
/// The most bytes that the pool took from the system since reset_peak_memory_stats, without graphs' own memory.
inline std::int64_t max_memory_reserved(Cuda device = {}) { return pool_bytes(device, cudaMemPoolAttrReservedMemHigh); }
inline void reset_peak_memory_stats(Cuda device = {}) {
  std::uint64_t zero = 0;
  memory_counter(index_of(device)).reset_peak();
  check_status(cudaMemPoolSetAttribute(memory_pool(index_of(device)), cudaMemPoolAttrReservedMemHigh, &zero), "cudaMemPoolSetAttribute");
}

TORCHLITE_COLD inline void throw_out_of_memory(std::size_t bytes, int device) {
  cudaGetLastError();
  MemoryInfo info;
  if (cudaMemGetInfo(&info.free, &info.total) != cudaSuccess) cudaGetLastError();
  fail<Error>(
      "cudaMallocFromPoolAsync: out of memory; {} bytes were asked for on cuda:{}, where tensors hold {} bytes, {} are reserved and {} of "
      "{} "
      "are free",
      bytes, device, memory_counter(device).current(), memory_reserved(Cuda{device}), info.free, info.total);
}

/// Memory on the current device, in the order of its current stream, which place names.
inline void* take_memory(std::size_t bytes, Place& place) {
  const int device = current_device();
  const cudaStream_t stream = thread_stream(device);
  void* p = nullptr;
  if (Capture* const capture = current_capture) {
    p = GraphMemories::instance().allocate(capture->memory, bytes, stream);
  } else {
    const cudaError_t status = cudaMallocFromPoolAsync(&p, bytes == 0 ? 1 : bytes, memory_pool(device), stream);
    if (status == cudaErrorMemoryAllocation) throw_out_of_memory(bytes, device);
    check_status(status, "cudaMallocFromPoolAsync");
  }
  memory_counter(device).add(static_cast<std::int64_t>(bytes));
  place = {device, stream};
  return p;
}

/// Other streams that use a block which is not theirs: what record_stream has been told.
class StreamUses {
 public:
  void add(const void* data, cudaStream_t stream) {
    const std::lock_guard lock(mutex_);
    uses_.push_back({data, stream});
    count_.store(uses_.size(), std::memory_order_release);
  }
  /// Calls f(stream) for each stream that was named for the block, and forgets them.
  template <class F>
  void take(const void* data, F f) {
    if (count_.load(std::memory_order_acquire) == 0) return;
    const std::lock_guard lock(mutex_);
    std::erase_if(uses_, [&](const Use& use) {
      if (use.data != data) return false;
      f(use.stream);
      return true;
    });
    count_.store(uses_.size(), std::memory_order_release);
  }
  static StreamUses& instance() {
    static StreamUses* const uses = new StreamUses;
    return *uses;
  }

 private:
  struct Use {
    const void* data;
    cudaStream_t stream;
  };
  std::mutex mutex_;
  std::vector<Use> uses_;
  std::atomic<std::size_t> count_{0};
};

/// The block at data is used by a stream that it was not taken on: it is given back only after what that stream has been given by then.
inline void record_stream(const void* data, const Stream& stream) { StreamUses::instance().add(data, stream.get()); }
/// The same for a tensor, or whatever has a storage.
template <class X>
  requires requires(const X& x) { x.impl().storage->data; }
void record_stream(const X& x, const Stream& stream) { record_stream(static_cast<const void*>(x.impl().storage->data), stream); }

/// Gives memory back once the stream that it was taken on has come to this point. Errors are ignored: at the end of a program the
/// driver may be gone already.
inline void give_memory_back(void* p, std::size_t bytes, Place place) {
  const bool of_a_graph = GraphMemories::instance().deallocate(p);
  if (!of_a_graph && current_capture != nullptr) return current_capture->held.push_back({p, bytes, place});
  memory_counter(place.device).remove(static_cast<std::int64_t>(bytes));
  if (of_a_graph) return;
  const auto queue = static_cast<cudaStream_t>(place.queue);
  StreamUses::instance().take(p, [&](cudaStream_t user) {
    cudaEvent_t event = nullptr;
    if (cudaEventCreateWithFlags(&event, cudaEventDisableTiming) != cudaSuccess) return;
    if (cudaEventRecord(event, user) == cudaSuccess) cudaStreamWaitEvent(queue, event, 0);
    cudaEventDestroy(event);
  });
  int current = 0;
  cudaGetDevice(&current);
  if (current != place.device) cudaSetDevice(place.device);  // the default stream is that of the current device
  cudaFreeAsync(p, queue);
  if (current != place.device) cudaSetDevice(current);
}

/// Device memory for the length of a scope, on the current stream.
class Scratch {
 public:
  explicit Scratch(std::size_t bytes) : bytes_(bytes) {
    if (bytes > 0) data_ = take_memory(bytes, place_);
  }
  ~Scratch() {
    if (data_) give_memory_back(data_, bytes_, place_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void* data() const { return data_; }

 private:
  void* data_ = nullptr;
  std::size_t bytes_;
  Place place_;
};

}  // namespace cuda

/// Where the next allocate(Cuda) takes memory from.
inline Place current_place(Cuda) {
  const int device = cuda::current_device();
  return {device, cuda::thread_stream(device)};
}

/// Memory on the current device, usable in the order of the current stream; aligned to 256 bytes.
inline void* allocate(Cuda, std::size_t bytes) {
  Place place;
  return cuda::take_memory(bytes, place);
}
/// Gives the memory back in the order of the stream that it was taken on or, if that is not said, of the current one.
inline void deallocate(Cuda, void* p, std::size_t bytes, Place place) { cuda::give_memory_back(p, bytes, place); }
inline void deallocate(Cuda, void* p, std::size_t bytes) { cuda::give_memory_back(p, bytes, current_place(Cuda{})); }

}  // namespace torchlite::inline TORCHLITE_ABI::backend
