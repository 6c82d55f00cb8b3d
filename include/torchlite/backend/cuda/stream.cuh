// SPDX-License-Identifier: BSD-3-Clause
// Streams and events, as values. Everything that the library does on Cuda goes to the calling thread's current stream.
#pragma once
#include <torchlite/backend/cuda/device.cuh>
#include <torchlite/backend/cuda/sync_debug.hpp>

#include <mutex>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Streams that no Stream holds. They are kept for the next one and never destroyed, since memory that was taken on a stream is given
/// back on it, however late.
class StreamPool {
 public:
  cudaStream_t take(int device) {
    {
      const std::lock_guard lock(mutex_);
      auto& free = free_[device];
      if (!free.empty()) {
        const cudaStream_t stream = free.back();
        free.pop_back();
        return stream;
      }
    }
    cudaStream_t stream = nullptr;
    check_status(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    return stream;
  }
  void give_back(int device, cudaStream_t stream) {
    const std::lock_guard lock(mutex_);
    free_[device].push_back(stream);
  }
  static StreamPool& instance() {
    static StreamPool* const pool = new StreamPool;
    return *pool;
  }

 private:
  std::mutex mutex_;
  std::vector<cudaStream_t> free_[max_devices];
};

/// The calling thread's stream on each device.
inline cudaStream_t& thread_stream(int device) {
  static thread_local cudaStream_t streams[max_devices] = {};
  check<DeviceError>(device < max_devices, "current_stream: cuda:{} is beyond the {} devices that are supported", device, max_devices);
  return streams[device];
}

/// The stream that the calling thread works on: the current device's default stream, unless a StreamGuard says otherwise.
inline cudaStream_t current_stream() { return thread_stream(current_device()); }
inline cudaStream_t current_stream(Cuda device) { return thread_stream(index_of(device)); }

/// Waits until everything on the device is done, on all of its streams.
inline void synchronize(Cuda device = {}) {
  check<DeviceError>(!capturing, "synchronize: a graph is being captured, and nothing of it runs yet");
  const DeviceGuard guard(device);
  check_status(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
}

class Stream;

/// A point in a stream's work that other streams and the host can wait for.
class Event {
 public:
  explicit Event(bool timed = false) {
    check_status(cudaEventCreateWithFlags(&event_, timed ? cudaEventDefault : cudaEventDisableTiming), "cudaEventCreateWithFlags");
  }
  Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}
  Event& operator=(Event other) noexcept {
    std::swap(event_, other.event_);
    return *this;
  }
  ~Event() {
    if (event_) cudaEventDestroy(event_);
  }

  cudaEvent_t get() const { return event_; }
  /// The event is what the stream has been given so far.
  void record(cudaStream_t stream) { check_status(cudaEventRecord(event_, stream), "cudaEventRecord"); }
  void record() { record(current_stream()); }
  void record(const Stream& stream);
  /// Work given to the current stream, or to the one named, from now on starts after the event.
  void wait(cudaStream_t stream) const { check_status(cudaStreamWaitEvent(stream, event_, 0), "cudaStreamWaitEvent"); }
  void wait() const { wait(current_stream()); }
  /// Whether everything before the event is done.
  bool query() const {
    const cudaError_t status = cudaEventQuery(event_);
    if (status == cudaErrorNotReady) {
      cudaGetLastError();
      return false;
    }
    check_status(status, "cudaEventQuery");
    return true;
  }
  /// The host waits for the event.
  void synchronize() const { check_status(cudaEventSynchronize(event_), "cudaEventSynchronize"); }
  /// Milliseconds between two recorded, timed events.
  float milliseconds_since(const Event& start) const {
    float ms = 0;
    check_status(cudaEventElapsedTime(&ms, start.event_, event_), "cudaEventElapsedTime");
    return ms;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

/// A queue of work on a device, independent of the default stream.
class Stream {
 public:
  explicit Stream(Cuda device = {}) : device_(index_of(device)) {
    const DeviceGuard guard(device_);
    stream_ = StreamPool::instance().take(device_);
  }
  Stream(Stream&& other) noexcept : stream_(std::exchange(other.stream_, nullptr)), device_(other.device_) {}
  Stream& operator=(Stream other) noexcept {
    std::swap(stream_, other.stream_);
    std::swap(device_, other.device_);
    return *this;
  }
  ~Stream() {
    if (stream_) StreamPool::instance().give_back(device_, stream_);
  }

  cudaStream_t get() const { return stream_; }
  int device() const { return device_; }
  /// The host waits for the stream.
  void synchronize() const { check_status(cudaStreamSynchronize(stream_), "cudaStreamSynchronize"); }
  /// Whether everything it was given is done.
  bool query() const {
    const cudaError_t status = cudaStreamQuery(stream_);
    if (status == cudaErrorNotReady) {
      cudaGetLastError();
      return false;
    }
    check_status(status, "cudaStreamQuery");
    return true;
  }
  /// Work given to this stream from now on starts after the event, or after all that the other stream has been given.
  void wait(const Event& event) const { event.wait(stream_); }
  void wait(cudaStream_t other) const {
    Event now;
    now.record(other);
    wait(now);
  }
  void wait(const Stream& other) const { wait(other.stream_); }

 private:
  cudaStream_t stream_ = nullptr;
  int device_ = 0;
};

inline void Event::record(const Stream& stream) { record(stream.get()); }

/// Makes a stream, and its device, the calling thread's current ones while it lives. Tensors that were used on another stream must
/// not be used on this one without an event between (Stream::wait).
class StreamGuard {
 public:
  explicit StreamGuard(const Stream& stream)
      : device_(stream.device()), slot_(&thread_stream(stream.device())), previous_(std::exchange(*slot_, stream.get())) {}
  ~StreamGuard() { *slot_ = previous_; }
  StreamGuard(const StreamGuard&) = delete;
  StreamGuard& operator=(const StreamGuard&) = delete;

 private:
  DeviceGuard device_;
  cudaStream_t* slot_;
  cudaStream_t previous_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
