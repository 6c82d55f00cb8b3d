// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/optimizer.hpp>

#include <cmath>

namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler {

/// A learning rate that changes with the number of epochs (calls of step()). The optimizer must outlive it.
class LRScheduler {
 public:
  virtual ~LRScheduler() = default;

  /// To be called after the optimizer's step, once for each epoch or batch.
  void step() {
    ++last_epoch_;
    update();
  }
  std::int64_t last_epoch() const { return last_epoch_; }
  /// The current learning rates, one for each group.
  std::vector<double> get_last_lr() const {
    std::vector<double> rates;
    for (std::size_t g = 0; g < optimizer_->num_groups(); ++g) rates.push_back(optimizer_->lr(g));
    return rates;
  }

  /// What a later load_state_dict() needs; the learning rates themselves are in the optimizer's.
  StateDict state_dict() const { return {{"last_epoch", Tensor<std::int64_t>({}, {last_epoch_})}}; }
  void load_state_dict(const StateDict& dict) { last_epoch_ = dict.at("last_epoch").get<std::int64_t>().item(); }

 protected:
  explicit LRScheduler(OptimizerBase& optimizer) : optimizer_(&optimizer) {}
  /// Sets the learning rates of the current epoch.
  virtual void update() = 0;

  OptimizerBase& optimizer() const { return *optimizer_; }
  /// lr = f(lr, initial lr) for all groups.
  template <class F>
  void each_lr(F&& f) {
    for (std::size_t g = 0; g < optimizer_->num_groups(); ++g) optimizer_->lr(g) = f(optimizer_->lr(g), optimizer_->initial_lr(g));
  }
  static constexpr double pi = 3.14159265358979323846;

 private:
  OptimizerBase* optimizer_;
  std::int64_t last_epoch_ = 0;
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim::lr_scheduler
