// SPDX-License-Identifier: BSD-3-Clause
// Device memory from the driver's stream-ordered pool, which keeps what was freed, and copies to and from the host.
#pragma once
#include <torchlite/backend/cuda/stream.cuh>
#include <torchlite/backend/device.hpp>

#include <cstddef>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

inline constexpr int max_devices = 64;

/// The current device's pool; on first use it is told to give nothing back to the system by itself.
inline cudaMemPool_t memory_pool() {
  static thread_local cudaMemPool_t pools[max_devices] = {};
  const int device = current_device();
  check<DeviceError>(device < max_devices, "memory_pool: device {} is beyond the {} that are supported", device, max_devices);
  cudaMemPool_t& pool = pools[device];
  if (pool == nullptr) {
    check_status(cudaDeviceGetDefaultMemPool(&pool, device), "cudaDeviceGetDefaultMemPool");
    std::uint64_t everything = UINT64_MAX;
    check_status(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &everything), "cudaMemPoolSetAttribute");
  }
  return pool;
}

/// Bytes of device memory, of the current device's pool.
struct MemoryStatistics {
  std::uint64_t used = 0;       ///< held by tensors
  std::uint64_t peak_used = 0;  ///< the most there was since reset_peak_memory
  std::uint64_t reserved = 0;   ///< taken from the system, in use or not
  std::uint64_t peak_reserved = 0;
};

inline MemoryStatistics memory_statistics() {
  const cudaMemPool_t pool = memory_pool();
  MemoryStatistics s;
  check_status(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &s.used), "cudaMemPoolGetAttribute");
  check_status(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &s.peak_used), "cudaMemPoolGetAttribute");
  check_status(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReservedMemCurrent, &s.reserved), "cudaMemPoolGetAttribute");
  check_status(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReservedMemHigh, &s.peak_reserved), "cudaMemPoolGetAttribute");
  return s;
}

inline void reset_peak_memory() {
  std::uint64_t zero = 0;
  check_status(cudaMemPoolSetAttribute(memory_pool(), cudaMemPoolAttrUsedMemHigh, &zero), "cudaMemPoolSetAttribute");
  check_status(cudaMemPoolSetAttribute(memory_pool(), cudaMemPoolAttrReservedMemHigh, &zero), "cudaMemPoolSetAttribute");
}

/// Device memory for the length of a scope, on the current stream.
class Scratch {
 public:
  explicit Scratch(std::size_t bytes) : stream_(current_stream()) {
    if (bytes == 0) return;
    check_status(cudaMallocFromPoolAsync(&data_, bytes, memory_pool(), stream_), "cudaMallocFromPoolAsync");
  }
  ~Scratch() {
    if (data_) cudaFreeAsync(data_, stream_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void* data() const { return data_; }

 private:
  void* data_ = nullptr;
  cudaStream_t stream_;
};

/// Host memory that the device reads and writes directly: copies from and to it run beside computation.
class PinnedMemory {
 public:
  explicit PinnedMemory(std::size_t bytes) : bytes_(bytes) { check_status(cudaMallocHost(&data_, bytes ? bytes : 1), "cudaMallocHost"); }
  PinnedMemory(PinnedMemory&& other) noexcept : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  PinnedMemory& operator=(PinnedMemory other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~PinnedMemory() {
    if (data_) cudaFreeHost(data_);
  }

  void* data() const { return data_; }
  std::size_t size() const { return bytes_; }

 private:
  void* data_ = nullptr;
  std::size_t bytes_;
};

/// A copy on the current stream that returns at once; pinned host memory must stay as it is until the stream has come to it.
inline void copy_async(void* dst, const void* src, std::size_t bytes) {
  if (bytes > 0) check_status(cudaMemcpyAsync(dst, src, bytes, cudaMemcpyDefault, current_stream()), "cudaMemcpyAsync");
}

/// True if the pointer is to host memory that the device reads directly.
inline bool is_pinned(const void* p) {
  cudaPointerAttributes attributes{};
  if (cudaPointerGetAttributes(&attributes, p) != cudaSuccess) {
    cudaGetLastError();
    return false;
  }
  return attributes.type == cudaMemoryTypeHost;
}

}  // namespace cuda

/// Memory on the current device, usable in the order of the current stream; aligned to 256 bytes.
inline void* allocate(Cuda, std::size_t bytes) {
  void* p = nullptr;
  if (bytes == 0) bytes = 1;
  const cudaError_t status = cudaMallocFromPoolAsync(&p, bytes, cuda::memory_pool(), cuda::current_stream());
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    fail<Error>("allocate: out of memory on the CUDA device: {} bytes were asked for", bytes);
  }
  cuda::check_status(status, "cudaMallocFromPoolAsync");
  return p;
}

/// Gives the memory back once the current stream has come to this point. Errors are ignored: at the end of a program the driver may
/// be gone already.
inline void deallocate(Cuda, void* p, std::size_t) { cudaFreeAsync(p, cuda::current_stream()); }

/// Gives all blocks that nobody uses back to the system.
inline void empty_cache(Cuda) {
  cuda::synchronize();
  cuda::check_status(cudaMemPoolTrimTo(cuda::memory_pool(), 0), "cudaMemPoolTrimTo");
}

/// Copies host memory; when this returns src may change, though the device may not have the data yet.
inline void copy_from_host(Cuda, void* dst, const void* src, std::size_t bytes) {
  cuda::copy_async(dst, src, bytes);
  // Ordinary memory was copied to a buffer of the driver's; pinned memory is still being read.
  if (bytes > 0 && cuda::is_pinned(src)) cuda::synchronize();
}

/// Waits for the current stream and returns with the data in dst.
inline void copy_to_host(Cuda, void* dst, const void* src, std::size_t bytes) {
  cuda::copy_async(dst, src, bytes);
  cuda::synchronize();
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
