// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

struct LinearLROptions {
  double start_factor = 1.0 / 3;
  double end_factor = 1;
  std::int64_t total_iters = 5;
};

/// The factor on the rate goes from start_factor to end_factor in total_iters epochs, along a line.
class LinearLR : public LRScheduler {
 public:
  LinearLR(OptimizerBase& optimizer, LinearLROptions options) : LRScheduler(optimizer), options_(options) {
    check<Error>(options.start_factor > 0 && options.start_factor <= 1, "LinearLR: start_factor is {}; it must be in (0, 1]",
                 options.start_factor);
    check<Error>(options.end_factor >= 0 && options.end_factor <= 1, "LinearLR: end_factor is {}; it must be in [0, 1]",
                 options.end_factor);
    each_lr([&](double lr, double) { return lr * options.start_factor; });
  }

 private:
  void update() override {
    if (last_epoch() > options_.total_iters) return;
    const double rise = options_.end_factor - options_.start_factor, total = static_cast<double>(options_.total_iters);
    const double factor = 1 + rise / (total * options_.start_factor + static_cast<double>(last_epoch() - 1) * rise);
    each_lr([factor](double lr, double) { return lr * factor; });
  }
  LinearLROptions options_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
