// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

struct ExponentialLROptions {
  double gamma = 0.9;
};

/// lr *= gamma every epoch.
class ExponentialLR : public LRScheduler {
 public:
  ExponentialLR(OptimizerBase& optimizer, ExponentialLROptions options) : LRScheduler(optimizer), options_(options) {}

 private:
  void update() override {
    each_lr([this](double lr, double) { return lr * options_.gamma; });
  }
  ExponentialLROptions options_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
