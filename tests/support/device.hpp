// SPDX-License-Identifier: BSD-3-Clause
// The device on which recorded calls are made again: the Cpu, in tests/cuda Cuda.
#pragma once
#if defined(TORCHLITE_TEST_CUDA)
#include <cuda/golden/device.cuh>
#endif

#include <torchlite/backend/device.hpp>

namespace golden {
#if defined(TORCHLITE_TEST_CUDA)
using Device = torchlite::Cuda;
#else
using Device = torchlite::Cpu;
#endif
}  // namespace golden
