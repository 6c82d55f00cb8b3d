// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

struct ReduceLROnPlateauOptions {
  bool maximize = false;  ///< the metric is better when larger, PyTorch's mode "max"
  double factor = 0.1;
  std::int64_t patience = 10;
  double threshold = 1e-4;
  bool relative = true;  ///< threshold is a part of the best value rather than an amount
  std::int64_t cooldown = 0;
  double min_lr = 0;
  double eps = 1e-8;
};

/// lr *= factor when a metric has not improved for more than patience epochs.
class ReduceLROnPlateau {
 public:
  ReduceLROnPlateau(OptimizerBase& optimizer, ReduceLROnPlateauOptions options = {}) : optimizer_(&optimizer), options_(options) {
    check<Error>(options.factor < 1, "ReduceLROnPlateau: factor is {}; it must be below 1", options.factor);
    best_ = options.maximize ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }

  /// To be called after each epoch with the validation loss, or whatever is watched.
  void step(double metric) {
    if (better(metric)) best_ = metric, bad_epochs_ = 0;
    else ++bad_epochs_;
    if (cooling_ > 0) --cooling_, bad_epochs_ = 0;
    if (bad_epochs_ <= options_.patience) return;
    for (std::size_t g = 0; g < optimizer_->num_groups(); ++g) {
      double& lr = optimizer_->lr(g);
      const double lower = lr * options_.factor > options_.min_lr ? lr * options_.factor : options_.min_lr;
      if (lr - lower > options_.eps) lr = lower;
    }
    cooling_ = options_.cooldown;
    bad_epochs_ = 0;
  }

 private:
  bool better(double metric) const {
    const double sign = options_.maximize ? 1 : -1;
    if (!std::isfinite(best_)) return options_.maximize ? metric > best_ : metric < best_;
    const double bound = options_.relative ? best_ * (1 + sign * options_.threshold) : best_ + sign * options_.threshold;
    return options_.maximize ? metric > bound : metric < bound;
  }

  OptimizerBase* optimizer_;
  ReduceLROnPlateauOptions options_;
  double best_;
  std::int64_t bad_epochs_ = 0, cooling_ = 0;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
