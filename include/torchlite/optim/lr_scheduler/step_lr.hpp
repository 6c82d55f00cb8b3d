// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

struct StepLROptions {
  std::int64_t step_size = 1;
  double gamma = 0.1;
};

/// lr *= gamma every step_size epochs.
class StepLR : public LRScheduler {
 public:
  StepLR(OptimizerBase& optimizer, StepLROptions options) : LRScheduler(optimizer), options_(options) {
    check<Error>(options.step_size > 0, "StepLR: step_size is {}; it must be positive", options.step_size);
  }

 private:
  void update() override {
    if (last_epoch() % options_.step_size == 0) each_lr([this](double lr, double) { return lr * options_.gamma; });
  }
  StepLROptions options_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
