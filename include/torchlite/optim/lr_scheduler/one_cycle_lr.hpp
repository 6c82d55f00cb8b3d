// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

enum class Anneal { cos, linear };

struct OneCycleLROptions {
  double max_lr = 0;
  std::int64_t total_steps = 0;  ///< or epochs and steps_per_epoch
  std::int64_t epochs = 0;
  std::int64_t steps_per_epoch = 0;
  double pct_start = 0.3;
  Anneal anneal_strategy = Anneal::cos;
  bool cycle_momentum = true;
  double base_momentum = 0.85;
  double max_momentum = 0.95;
  double div_factor = 25;
  double final_div_factor = 1e4;
  bool three_phase = false;
};

/// From max_lr / div_factor up to max_lr in the first pct_start of the steps, then down to (max_lr / div_factor) / final_div_factor;
/// momentum (beta1 of Adam) goes the other way. To be stepped after every batch. Source: Smith and Topin, 2018.
class OneCycleLR : public LRScheduler {
 public:
  OneCycleLR(OptimizerBase& optimizer, OneCycleLROptions options) : LRScheduler(optimizer), options_(options) {
    OneCycleLROptions& o = options_;
    if (o.total_steps == 0) o.total_steps = o.epochs * o.steps_per_epoch;
    check<Error>(o.total_steps > 0, "OneCycleLR: give total_steps, or epochs and steps_per_epoch; the schedule has {} steps",
                 o.total_steps);
    check<Error>(o.pct_start >= 0 && o.pct_start <= 1, "OneCycleLR: pct_start is {}; it must be in [0, 1]", o.pct_start);
    const double initial = o.max_lr / o.div_factor, last = initial / o.final_div_factor, total = static_cast<double>(o.total_steps);
    const double top = o.pct_start * total - 1;
    if (o.three_phase) {
      phases_ = {{top, initial, o.max_lr, o.max_momentum, o.base_momentum},
                 {2 * top, o.max_lr, initial, o.base_momentum, o.max_momentum},
                 {total - 1, initial, last, o.max_momentum, o.max_momentum}};
    } else {
      phases_ = {{top, initial, o.max_lr, o.max_momentum, o.base_momentum}, {total - 1, o.max_lr, last, o.base_momentum, o.max_momentum}};
    }
    for (std::size_t g = 0; g < optimizer.num_groups(); ++g) {
      optimizer.initial_lr(g) = initial;
      check<Error>(!o.cycle_momentum || optimizer.momentum(g) != nullptr,
                   "OneCycleLR: the optimizer has no momentum; pass .cycle_momentum = false");
    }
    apply();
  }

 private:
  struct Phase {
    double end, start_lr, end_lr, start_momentum, end_momentum;
  };

  void update() override { apply(); }
  void apply() {
    const std::int64_t n = last_epoch();
    check<Error>(n < options_.total_steps, "OneCycleLR: step {} of a schedule of {} steps", n + 1, options_.total_steps);
    double begin = 0;
    for (std::size_t i = 0; i < phases_.size(); ++i) {
      const Phase& phase = phases_[i];
      if (static_cast<double>(n) <= phase.end || i + 1 == phases_.size()) {
        const double part = (static_cast<double>(n) - begin) / (phase.end - begin);
        for (std::size_t g = 0; g < optimizer().num_groups(); ++g) {
          optimizer().lr(g) = between(phase.start_lr, phase.end_lr, part);
          if (options_.cycle_momentum) *optimizer().momentum(g) = between(phase.start_momentum, phase.end_momentum, part);
        }
        return;
      }
      begin = phase.end;
    }
  }
  double between(double start, double end, double part) const {
    if (options_.anneal_strategy == Anneal::linear) return (end - start) * part + start;
    return end + (start - end) / 2 * (1 + std::cos(pi * part));
  }

  OneCycleLROptions options_;
  std::vector<Phase> phases_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
