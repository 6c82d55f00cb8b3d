// SPDX-License-Identifier: BSD-3-Clause
// What a thread that captures a graph keeps with it: memory of the graph's own, memory to hold on to, values of replays.
#pragma once
#include <torchlite/backend/cuda/block_pool.hpp>
#include <torchlite/backend/cuda/replay.hpp>
#include <torchlite/backend/cuda/stream.cuh>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// The calling thread may take memory while it, or another thread, captures.
class RelaxedCapture {
 public:
  RelaxedCapture() { cudaThreadExchangeStreamCaptureMode(&mode_); }
  ~RelaxedCapture() { cudaThreadExchangeStreamCaptureMode(&mode_); }
  RelaxedCapture(const RelaxedCapture&) = delete;
  RelaxedCapture& operator=(const RelaxedCapture&) = delete;

 private:
  cudaStreamCaptureMode mode_ = cudaStreamCaptureModeRelaxed;
};

inline void* take_chunk(std::size_t bytes) {
  const RelaxedCapture relaxed;
  void* p = nullptr;
  const cudaError_t status = cudaMalloc(&p, bytes);
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    fail<Error>("cudaMalloc: out of memory: {} bytes were asked for, for the memory of a graph", bytes);
  }
  check_status(status, "cudaMalloc");
  return p;
}
inline void give_chunk_back(void* p) {
  const RelaxedCapture relaxed;
  cudaFree(p);
}

/// Memory at addresses that stay the same from replay to replay.
struct GraphMemory {
  explicit GraphMemory(int device_index) : device(device_index), pool(take_chunk, give_chunk_back) {}
  int device;
  bool closed = false;  ///< the graph is gone; what tensors still hold is freed when they go
  BlockPool pool;
};

/// The memory of all graphs of the process, by which a pointer finds its way home.
class GraphMemories {
 public:
  GraphMemory* open(int device) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::make_unique<GraphMemory>(device));
    count_.store(all_.size(), std::memory_order_release);
    return all_.back().get();
  }
  void close(GraphMemory* memory) {
    const std::lock_guard lock(mutex_);
    memory->closed = true;
    sweep();
  }
  void* allocate(GraphMemory* memory, std::size_t bytes, const void* queue) {
    const std::lock_guard lock(mutex_);
    return memory->pool.allocate(bytes, queue);
  }
  /// False if the pointer is of no graph's memory.
  bool deallocate(void* p) {
    if (count_.load(std::memory_order_acquire) == 0) return false;
    const std::lock_guard lock(mutex_);
    for (const auto& memory : all_) {
      if (!memory->pool.deallocate(p)) continue;
      if (memory->closed) sweep();
      return true;
    }
    return false;
  }
  std::size_t reserved_bytes(int device) {
    if (count_.load(std::memory_order_acquire) == 0) return 0;
    const std::lock_guard lock(mutex_);
    std::size_t bytes = 0;
    for (const auto& memory : all_)
      if (memory->device == device) bytes += memory->pool.reserved_bytes();
    return bytes;
  }
  static GraphMemories& instance() {
    static GraphMemories* const memories = new GraphMemories;
    return *memories;
  }

 private:
  void sweep() {
    for (std::size_t i = all_.size(); i-- > 0;)
      if (all_[i]->closed && all_[i]->pool.used_bytes() == 0) all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(i));
    count_.store(all_.size(), std::memory_order_release);
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<GraphMemory>> all_;
  std::atomic<std::size_t> count_{0};
};

/// One capture, and later the graph that came of it.
struct Capture {
  static constexpr std::size_t table_bytes = std::size_t{256} << 10;
  struct Held {
    void* data;
    std::size_t bytes;
    Place place;
  };

  Capture(int device, Generator& generator) : memory(GraphMemories::instance().open(device)), random(generator) {}

  GraphMemory* memory;
  std::vector<Held> held;           ///< freed while the graph was captured, though taken before: the graph may read it
  std::vector<const void*> pinned;  ///< host memory that the graph copies from or to
  ReplayTable table;
  unsigned char* table_data = nullptr;
  CapturedGenerator random;
  const RandomStream* replayed = nullptr;  ///< in the table, once random numbers are drawn
};

/// The calling thread's capture; null as a rule.
inline thread_local Capture* current_capture = nullptr;

/// While a graph is captured: a T in device memory that compute() gives anew before each replay. A kernel that takes it as a pointer
/// follows what changes on the host (the step number of an optimizer, a learning rate). Null if nothing is captured.
template <class T, class F>
const T* replay_value(F compute) {
  Capture* const capture = current_capture;
  if (capture == nullptr) return nullptr;
  const std::size_t at = capture->table.add<T>(std::move(compute));
  check<DeviceError>(capture->table.size() <= Capture::table_bytes,
                     "capture: the values that change from replay to replay take more than {} bytes", Capture::table_bytes);
  return reinterpret_cast<const T*>(capture->table_data + at);
}

/// What a kernel that draws random numbers is given; it calls stream(). In a graph each replay draws new numbers: those that the
/// same steps would have drawn without a graph.
inline RandomSource random_source(RandomStream stream) {
  Capture* const capture = current_capture;
  if (capture == nullptr || !capture->random.is_drawn_again(stream)) return {stream};
  if (capture->replayed == nullptr)
    capture->replayed = replay_value<RandomStream>([random = &capture->random] { return random->advance(); });
  return {stream, capture->replayed};
}

}  // namespace cuda

/// Whether the thread records a graph; and the same as cuda::replay_value, found by the device's tag.
inline bool is_capturing(Cuda) { return cuda::current_capture != nullptr; }
template <class T, class F>
const T* replay_value(Cuda, F compute) {
  return cuda::replay_value<T>(std::move(compute));
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
