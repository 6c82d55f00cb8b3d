// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/utils/clip_grad.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/optim/optimizer.hpp>

namespace torchlite::inline TORCHLITE_ABI::amp {

struct GradScalerOptions {
  double init_scale = 65536;
  double growth_factor = 2;
  double backoff_factor = 0.5;
  std::int64_t growth_interval = 2000;
  bool enabled = true;
};

/// Keeps gradients of half precision from vanishing: the loss is multiplied by a scale, the gradients are divided by it before the step, a
/// step whose gradients are not finite is left out, and the scale falls then and grows after many good steps.
///   amp::GradScaler scaler;
///   scaler.scale(loss).backward();
///   scaler.step(optimizer);
///   scaler.update();
/// step() reads one number from the device. Source: Micikevicius et al., Mixed precision training, ICLR 2018.
class GradScaler {
 public:
  explicit GradScaler(GradScalerOptions options = {}) : options_(options), scale_(options.enabled ? options.init_scale : 1) {
    check<Error>(options.growth_factor > 1, "GradScaler: growth_factor is {}; it must be above 1", options.growth_factor);
    check<Error>(options.backoff_factor < 1, "GradScaler: backoff_factor is {}; it must be below 1", options.backoff_factor);
  }

  /// The loss times the scale.
  template <class T, class D>
  Tensor<T, D> scale(const Tensor<T, D>& loss) const {
    return options_.enabled ? Tensor<T, D>(loss * scale_) : loss;
  }

  /// Divides the gradients of the optimizer's parameters by the scale; for what must see them as they are, such as clipping. Throws Error if
  /// it was done since the last update().
  template <class Optimizer>
  void unscale_(Optimizer& optimizer) {
    if (!options_.enabled) return;
    State& s = state_of(optimizer);
    check<Error>(!s.unscaled, "GradScaler: unscale_ was called for this optimizer since the last update()");
    s.unscaled = true;
    for (auto& group : optimizer.param_groups()) {
      const auto gradients = nn::utils::own_gradients(group.params);
      if (gradients.empty()) continue;
      using T = value_t<std::remove_cvref_t<decltype(gradients[0])>>;
      using R = register_t<T>;
      for (const auto& g : gradients) nn::utils::change_elements(backend::ScaleUpdate<R>{static_cast<R>(1 / scale_)}, g);
      if (!std::isfinite(nn::utils::largest_gradient(gradients))) s.found_infinity = true;
    }
  }

  /// The optimizer's step, if its gradients are finite; unscales them unless that was done.
  template <class Optimizer>
  void step(Optimizer& optimizer) {
    if (!options_.enabled) return optimizer.step();
    if (!state_of(optimizer).unscaled) unscale_(optimizer);
    State& s = state_of(optimizer);
    check<Error>(!s.stepped, "GradScaler: step was called for this optimizer since the last update()");
    s.stepped = true;
    if (!s.found_infinity) optimizer.step();
  }

  /// Adapts the scale to what the steps since the last call found.
  void update() {
    if (!options_.enabled) return;
    check<Error>(!states_.empty(), "GradScaler: update was called before step");
    bool found = false;
    for (const State& s : states_) found = found || s.found_infinity;
    states_.clear();
    if (found) {
      scale_ *= options_.backoff_factor;
      good_steps_ = 0;
    } else if (++good_steps_ == options_.growth_interval) {
      scale_ *= options_.growth_factor;
      good_steps_ = 0;
    }
  }

  double get_scale() const { return scale_; }
  bool is_enabled() const { return options_.enabled; }

 private:
  struct State {
    const void* optimizer;
    bool unscaled = false, stepped = false, found_infinity = false;
  };
  State& state_of(const optim::OptimizerBase& optimizer) {
    for (State& s : states_)
      if (s.optimizer == &optimizer) return s;
    states_.push_back({&optimizer});
    return states_.back();
  }

  GradScalerOptions options_;
  double scale_;
  std::int64_t good_steps_ = 0;
  std::vector<State> states_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::amp
