// SPDX-License-Identifier: BSD-3-Clause
// A CUDA runtime without a device: the functions of cuda_runtime_api.h that torchlite calls, on host memory. Work that is given to a
// stream waits there until somebody waits for the stream, as late as a device may come to it, and memory that is freed really goes;
// so a copy that reads too early or too late is seen by the test or by the address sanitizer.
#pragma once
#include <cuda_runtime_api.h>

#include <functional>
#include <string>

namespace fake {
/// How many devices there are.
void set_devices(int count);
/// No more than so many bytes can be taken.
void set_memory(std::size_t bytes);
/// Gives a stream a piece of work, as a kernel's launch does.
void launch(cudaStream_t stream, std::function<void()> work);
/// Runs everything that waits, on all streams.
void run_all();
/// How often the host waited for a stream, an event or the device.
int waits();
/// Bytes that were taken and not given back: device memory, and pinned memory.
std::size_t live_bytes();
std::size_t live_pinned_bytes();
/// How many streams were made.
int streams_made();
}  // namespace fake
