// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

struct MultiStepLROptions {
  std::vector<std::int64_t> milestones;
  double gamma = 0.1;
};

/// lr *= gamma at each milestone, as often as it is listed.
class MultiStepLR : public LRScheduler {
 public:
  MultiStepLR(OptimizerBase& optimizer, MultiStepLROptions options) : LRScheduler(optimizer), options_(std::move(options)) {}

 private:
  void update() override {
    for (const std::int64_t milestone : options_.milestones)
      if (milestone == last_epoch()) each_lr([this](double lr, double) { return lr * options_.gamma; });
  }
  MultiStepLROptions options_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
