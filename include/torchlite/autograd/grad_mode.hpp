// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Whether operations on this thread record graphs.
inline bool& grad_mode() {
  static thread_local bool enabled = true;
  return enabled;
}
inline bool is_grad_enabled() { return grad_mode(); }

/// Sets the mode for the scope it lives in.
class GradModeGuard {
 public:
  explicit GradModeGuard(bool enabled) : before_(grad_mode()) { grad_mode() = enabled; }
  ~GradModeGuard() { grad_mode() = before_; }
  GradModeGuard(const GradModeGuard&) = delete;
  GradModeGuard& operator=(const GradModeGuard&) = delete;

 private:
  bool before_;
};

/// No graph is recorded while it lives.
class NoGradGuard : GradModeGuard {
 public:
  NoGradGuard() : GradModeGuard(false) {}
};

/// Graphs are recorded while it lives, even inside a NoGradGuard.
class EnableGradGuard : GradModeGuard {
 public:
  EnableGradGuard() : GradModeGuard(true) {}
};

}  // namespace torchlite::inline TORCHLITE_ABI
