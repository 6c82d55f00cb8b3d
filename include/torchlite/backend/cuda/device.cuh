// SPDX-License-Identifier: BSD-3-Clause
// The devices of the machine and which of them the calling thread works on.
#pragma once
#include <torchlite/backend/cuda/error.cuh>
#include <torchlite/backend/device.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

inline constexpr int max_devices = 64;

/// The number of CUDA devices; 0 where there is no driver.
inline int device_count() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess) {
    cudaGetLastError();
    return 0;
  }
  return count < max_devices ? count : max_devices;
}

/// True if there is a device to compute on.
inline bool is_available() { return device_count() > 0; }

/// The number of the calling thread's current device.
inline int current_device() {
  int device = 0;
  check_status(cudaGetDevice(&device), "cudaGetDevice");
  return device;
}

/// Makes a device the calling thread's current one. Throws DeviceError if there is none of that number.
inline void set_device(int device) {
  const int count = device_count();
  check<DeviceError>(device >= 0 && device < count, "set_device: there is no cuda:{}; this machine has {} CUDA device(s)", device, count);
  check_status(cudaSetDevice(device), "cudaSetDevice");
}

/// The number that a tag means: its own, or the current device's.
inline int index_of(Cuda device) { return device.index >= 0 ? device.index : current_device(); }

/// What the maker calls the device: "NVIDIA H100 80GB HBM3".
inline std::string get_device_name(Cuda device = {}) {
  cudaDeviceProp properties{};
  check_status(cudaGetDeviceProperties(&properties, index_of(device)), "cudaGetDeviceProperties");
  return properties.name;
}

/// Major and minor number of the compute capability, 9 and 0 for an H100.
inline std::pair<int, int> get_device_capability(Cuda device = {}) {
  std::pair<int, int> version;
  check_status(cudaDeviceGetAttribute(&version.first, cudaDevAttrComputeCapabilityMajor, index_of(device)), "cudaDeviceGetAttribute");
  check_status(cudaDeviceGetAttribute(&version.second, cudaDevAttrComputeCapabilityMinor, index_of(device)), "cudaDeviceGetAttribute");
  return version;
}

/// Makes a device the calling thread's current one while it lives. Cuda{} changes nothing.
class DeviceGuard {
 public:
  explicit DeviceGuard(Cuda device) : previous_(current_device()) {
    if (device.index >= 0 && device.index != previous_) set_device(device.index);
  }
  explicit DeviceGuard(int device) : DeviceGuard(Cuda{device}) {}
  ~DeviceGuard() { cudaSetDevice(previous_); }
  DeviceGuard(const DeviceGuard&) = delete;
  DeviceGuard& operator=(const DeviceGuard&) = delete;

 private:
  int previous_;
};

/// Bytes of device memory that are free, and that there are.
struct MemoryInfo {
  std::size_t free = 0, total = 0;
};
inline MemoryInfo mem_get_info(Cuda device = {}) {
  const DeviceGuard guard(device);
  MemoryInfo info;
  check_status(cudaMemGetInfo(&info.free, &info.total), "cudaMemGetInfo");
  return info;
}

}  // namespace cuda

inline cuda::DeviceGuard on_device(Cuda device) { return cuda::DeviceGuard(device); }

}  // namespace torchlite::inline TORCHLITE_ABI::backend
