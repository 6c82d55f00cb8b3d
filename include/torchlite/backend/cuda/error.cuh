// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/error.hpp>

#include <cuda_runtime_api.h>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

TORCHLITE_COLD inline void throw_status(cudaError_t status, const char* call) {
  cudaGetLastError();  // an error that is no sticky one is forgotten, so that the next call does not report it again
  if (status == cudaErrorMemoryAllocation) fail<Error>("{}: out of memory on the CUDA device", call);
  if (status == cudaErrorNoDevice || status == cudaErrorInsufficientDriver)
    fail<DeviceError>("{}: there is no CUDA device that can be used: {}", call, cudaGetErrorString(status));
  if (status == cudaErrorStreamCaptureUnsupported || status == cudaErrorStreamCaptureImplicit ||
      status == cudaErrorStreamCaptureInvalidated || status == cudaErrorStreamCaptureUnjoined || status == cudaErrorStreamCaptureIsolation)
    fail<DeviceError>("{}: this cannot be captured in a graph: {} ({})", call, cudaGetErrorString(status), cudaGetErrorName(status));
  fail<DeviceError>("{}: {} ({})", call, cudaGetErrorString(status), cudaGetErrorName(status));
}

/// Throws DeviceError, or Error when memory ran out, if a CUDA call failed; the message names the call.
inline void check_status(cudaError_t status, const char* call) {
  if (status != cudaSuccess) [[unlikely]]
    throw_status(status, call);
}

/// Throws if the launch of a kernel, just made, was refused.
inline void check_launch(const char* kernel) { check_status(cudaGetLastError(), kernel); }

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
