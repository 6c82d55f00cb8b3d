// SPDX-License-Identifier: BSD-3-Clause
// Anomaly mode: NaNs in backward passes become errors that name the operation and the line that recorded it.
#pragma once
#include <torchlite/core/config.hpp>

#include <atomic>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
inline std::atomic<bool>& anomaly_mode() {
  static std::atomic<bool> on{false};
  return on;
}
}  // namespace autograd

inline bool is_anomaly_enabled() { return autograd::anomaly_mode().load(std::memory_order_relaxed); }

/// With mode true every gradient that an operation makes in a backward pass, in any thread, is searched for NaN: an Error names
/// the operation and the line of the program that recorded it. Costs a pass over each gradient.
inline void set_detect_anomaly(bool mode) { autograd::anomaly_mode().store(mode, std::memory_order_relaxed); }

/// Anomaly mode for the scope it lives in.
class DetectAnomalyGuard {
 public:
  explicit DetectAnomalyGuard(bool enabled = true) : before_(is_anomaly_enabled()) { set_detect_anomaly(enabled); }
  ~DetectAnomalyGuard() { set_detect_anomaly(before_); }
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;

 private:
  bool before_;
};

}  // namespace torchlite::inline TORCHLITE_ABI
