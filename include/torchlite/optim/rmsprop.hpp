// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/optimizer.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim {

struct RMSpropOptions {
  double lr = 1e-2;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum = 0;
  bool centered = false;
  bool maximize = false;
};

/// Gradients divided by the root of the moving average of their squares; centered subtracts the average gradient from it first.
/// Source: Hinton, lecture notes, 2012.
///   optim::RMSprop optimizer(net.parameters(), {.lr = 1e-3, .momentum = 0.9});
template <class T, class D = Cpu>
class RMSprop : public Optimizer<RMSprop<T, D>, T, D, RMSpropOptions, 3> {
  using Base = Optimizer<RMSprop, T, D, RMSpropOptions, 3>;
  friend Base;

 public:
  static constexpr const char* name = "RMSprop";

  explicit RMSprop(std::vector<Tensor<T, D>> params, RMSpropOptions options = {}) : Base(std::move(params), options) {}
  explicit RMSprop(std::vector<ParamGroup<T, D, RMSpropOptions>> groups, RMSpropOptions defaults = {})
      : Base(std::move(groups), defaults) {}

 private:
  static constexpr std::array<const char*, 3> states{"square_avg", "grad_avg", "momentum_buffer"};

  template <class F>
  static void each_option(RMSpropOptions& o, F&& f) {
    f("lr", o.lr);
    f("alpha", o.alpha);
    f("eps", o.eps);
    f("weight_decay", o.weight_decay);
    f("momentum", o.momentum);
    f("centered", o.centered);
    f("maximize", o.maximize);
  }
  static void check(const RMSpropOptions& o) {
    torchlite::check<Error>(o.lr >= 0, "RMSprop: lr is {}; it must not be negative", o.lr);
    torchlite::check<Error>(o.eps >= 0, "RMSprop: eps is {}; it must not be negative", o.eps);
    torchlite::check<Error>(o.alpha >= 0, "RMSprop: alpha is {}; it must not be negative", o.alpha);
    torchlite::check<Error>(o.momentum >= 0, "RMSprop: momentum is {}; it must not be negative", o.momentum);
    torchlite::check<Error>(o.weight_decay >= 0, "RMSprop: weight_decay is {}; it must not be negative", o.weight_decay);
  }

  void update(const RMSpropOptions& o, typename Base::State& state, const Tensor<T, D>& p, const Tensor<T, D>& g) {
    if (o.centered) o.momentum > 0 ? step_one<true, true>(o, state, p, g) : step_one<true, false>(o, state, p, g);
    else o.momentum > 0 ? step_one<false, true>(o, state, p, g) : step_one<false, false>(o, state, p, g);
  }
  template <bool Centered, bool Momentum>
  static void step_one(const RMSpropOptions& o, typename Base::State& state, const Tensor<T, D>& p, const Tensor<T, D>& g) {
    using R = register_t<T>;
    const auto as = [](double x) { return static_cast<R>(x); };
    Base::apply(backend::RmspropUpdate<R, Centered, Momentum>{as(o.lr), o.maximize ? R(-1) : R(1), as(o.weight_decay), as(o.alpha),
                                                              as(1 - o.alpha), as(o.eps), as(o.momentum)},
                state, p, g);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim
