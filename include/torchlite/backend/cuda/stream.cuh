// SPDX-License-Identifier: BSD-3-Clause
// Streams, events and the choice of the device, as values. Everything that the library does on Cuda goes to the calling
// thread's current stream.
#pragma once
#include <torchlite/backend/cuda/error.cuh>

#include <utility>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// The number of CUDA devices; 0 where there is no driver.
inline int device_count() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess) {
    cudaGetLastError();
    return 0;
  }
  return count;
}

inline int current_device() {
  int device = 0;
  check_status(cudaGetDevice(&device), "cudaGetDevice");
  return device;
}

/// Makes a device the calling thread's current one while it lives.
class DeviceGuard {
 public:
  explicit DeviceGuard(int device) : previous_(current_device()) {
    if (device != previous_) check_status(cudaSetDevice(device), "cudaSetDevice");
  }
  ~DeviceGuard() { cudaSetDevice(previous_); }
  DeviceGuard(const DeviceGuard&) = delete;
  DeviceGuard& operator=(const DeviceGuard&) = delete;

 private:
  int previous_;
};

/// The stream that the calling thread works on; the device's default stream unless a StreamGuard says otherwise.
inline cudaStream_t& current_stream() {
  static thread_local cudaStream_t stream = nullptr;
  return stream;
}

/// Waits until everything on the calling thread's current stream is done.
inline void synchronize() { check_status(cudaStreamSynchronize(current_stream()), "cudaStreamSynchronize"); }

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
  void record(cudaStream_t stream = current_stream()) { check_status(cudaEventRecord(event_, stream), "cudaEventRecord"); }
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

/// A queue of work on the current device, independent of the default stream.
class Stream {
 public:
  Stream() { check_status(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags"); }
  Stream(Stream&& other) noexcept : stream_(std::exchange(other.stream_, nullptr)) {}
  Stream& operator=(Stream other) noexcept {
    std::swap(stream_, other.stream_);
    return *this;
  }
  ~Stream() {
    if (stream_) cudaStreamDestroy(stream_);
  }

  cudaStream_t get() const { return stream_; }
  void synchronize() const { check_status(cudaStreamSynchronize(stream_), "cudaStreamSynchronize"); }
  /// Work given to this stream from now on starts after the event.
  void wait(const Event& event) const { check_status(cudaStreamWaitEvent(stream_, event.get(), 0), "cudaStreamWaitEvent"); }

 private:
  cudaStream_t stream_ = nullptr;
};

/// Makes a stream the calling thread's current one while it lives. Tensors that were used on the stream before must not be used
/// on this one without an event between.
class StreamGuard {
 public:
  explicit StreamGuard(cudaStream_t stream) : previous_(std::exchange(current_stream(), stream)) {}
  explicit StreamGuard(const Stream& stream) : StreamGuard(stream.get()) {}
  ~StreamGuard() { current_stream() = previous_; }
  StreamGuard(const StreamGuard&) = delete;
  StreamGuard& operator=(const StreamGuard&) = delete;

 private:
  cudaStream_t previous_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
