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

/// Whether this thread is inside an InferenceModeGuard.
inline bool& inference_mode() {
  static thread_local bool enabled = false;
  return enabled;
}
inline bool is_inference_mode_enabled() { return inference_mode(); }

/// Sets the mode for the scope it lives in; inside an InferenceModeGuard nothing is recorded all the same.
class GradModeGuard {
 public:
  explicit GradModeGuard(bool enabled) : before_(grad_mode()) { grad_mode() = enabled && !inference_mode(); }
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

/// No graph is recorded while it lives, whatever guards stand inside it. (Tensors that are made inside are tensors like all
/// others; PyTorch's cannot be used for gradients later.) With enabled = false: out of inference mode again, for this scope.
class InferenceModeGuard {
 public:
  explicit InferenceModeGuard(bool enabled = true) : inference_before_(inference_mode()), grad_before_(grad_mode()) {
    inference_mode() = enabled;
    grad_mode() = !enabled;
  }
  ~InferenceModeGuard() {
    inference_mode() = inference_before_;
    grad_mode() = grad_before_;
  }
  InferenceModeGuard(const InferenceModeGuard&) = delete;
  InferenceModeGuard& operator=(const InferenceModeGuard&) = delete;

 private:
  bool inference_before_, grad_before_;
};

}  // namespace torchlite::inline TORCHLITE_ABI
