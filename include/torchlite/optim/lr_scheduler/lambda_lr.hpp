// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

/// The initial rate times f(epoch); f is called for epoch 0 at once.
///   optim::lr_scheduler::LambdaLR schedule(optimizer, [](std::int64_t epoch) { return std::pow(0.95, epoch); });
template <class F>
class LambdaLR : public LRScheduler {
 public:
  LambdaLR(OptimizerBase& optimizer, F f) : LRScheduler(optimizer), f_(std::move(f)) { apply(); }

 private:
  void update() override { apply(); }
  void apply() {
    const double factor = static_cast<double>(f_(last_epoch()));
    each_lr([factor](double, double initial) { return initial * factor; });
  }
  F f_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
