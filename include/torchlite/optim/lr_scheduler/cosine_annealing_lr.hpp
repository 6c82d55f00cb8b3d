// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

struct CosineAnnealingLROptions {
  std::int64_t T_max = 1;
  double eta_min = 0;
};

/// From the initial rate to eta_min in T_max epochs along half a cosine, and back again in as many. Written as a factor on the
/// current rate, so that other schedules can change it too. Source: Loshchilov and Hutter, SGDR, ICLR 2017.
class CosineAnnealingLR : public LRScheduler {
 public:
  CosineAnnealingLR(OptimizerBase& optimizer, CosineAnnealingLROptions options) : LRScheduler(optimizer), options_(options) {
    check<Error>(options.T_max > 0, "CosineAnnealingLR: T_max is {}; it must be positive", options.T_max);
  }

 private:
  void update() override {
    const std::int64_t half = options_.T_max, epoch = last_epoch();
    const double step = pi / static_cast<double>(half), eta_min = options_.eta_min;
    each_lr([&](double lr, double initial) {
      if ((epoch - 1 - half) % (2 * half) == 0) return lr + (initial - eta_min) * (1 - std::cos(step)) / 2;
      return (1 + std::cos(step * static_cast<double>(epoch))) / (1 + std::cos(step * static_cast<double>(epoch - 1))) * (lr - eta_min) +
             eta_min;
    });
  }
  CosineAnnealingLROptions options_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
