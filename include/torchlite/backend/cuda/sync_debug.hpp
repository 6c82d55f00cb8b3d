// SPDX-License-Identifier: BSD-3-Clause
// Tells of places where the host waits for the device although the program does not say so.
#pragma once
#include <torchlite/core/error.hpp>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// What happens where the host waits for the device: nothing, a line on stderr, or a DeviceError.
enum class SyncDebugMode : std::uint8_t { off, warn, error };

inline std::atomic<SyncDebugMode> sync_debug_mode{SyncDebugMode::off};

/// Chooses what a hidden wait does: item(), to_vector(), printing, nonzero and every copy that is not asynchronous. What waits by
/// its name, like synchronize(), is not hidden.
inline void set_sync_debug_mode(SyncDebugMode mode) { sync_debug_mode.store(mode, std::memory_order_relaxed); }
/// The same by PyTorch's names: "default", "warn", "error".
inline void set_sync_debug_mode(std::string_view mode) {
  check<Error>(mode == "default" || mode == "warn" || mode == "error",
               "set_sync_debug_mode: there is no mode '{}'; the modes are default, warn and error", mode);
  set_sync_debug_mode(mode == "default" ? SyncDebugMode::off : (mode == "warn" ? SyncDebugMode::warn : SyncDebugMode::error));
}
inline SyncDebugMode get_sync_debug_mode() { return sync_debug_mode.load(std::memory_order_relaxed); }

/// True while the calling thread records a graph instead of computing.
inline thread_local bool capturing = false;
inline bool is_current_stream_capturing() { return capturing; }

/// How often this thread has waited for the device without saying so.
inline thread_local std::uint64_t hidden_synchronizations = 0;
inline std::uint64_t hidden_synchronization_count() { return hidden_synchronizations; }

/// Whatever makes the host wait calls this first. Throws DeviceError while a graph is captured, and in mode `error`.
TORCHLITE_NOINLINE inline void note_synchronization(const char* what) {
  check<DeviceError>(!capturing,
                     "{}: the host would have to wait for the device, which cannot be captured; values that the host needs (item(), "
                     "to_vector(), printing, sizes that depend on values, copies of unpinned memory) have to stay outside of capture()",
                     what);
  ++hidden_synchronizations;
  const SyncDebugMode mode = get_sync_debug_mode();
  check<DeviceError>(mode != SyncDebugMode::error, "{}: the host waits for the device; set_sync_debug_mode forbids it", what);
  if (mode == SyncDebugMode::warn) std::fprintf(stderr, "torchlite: %s: the host waits for the device\n", what);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
