// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/optimizer.hpp>

#include <cmath>

namespace torchlite::inline TORCHLITE_ABI::optim {

struct AdamOptions {
  double lr = 1e-3;
  std::array<double, 2> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;
  bool amsgrad = false;
  bool maximize = false;
};

/// What Adam and AdamW share.
template <class Self, class T, class D, class Options>
class AdamBase : public Optimizer<Self, T, D, Options, 3> {
  using Base = Optimizer<Self, T, D, Options, 3>;

 public:
  using Base::Base;
  static constexpr std::array<const char*, 3> states{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};

  template <class F>
  static void each_option(Options& o, F&& f) {
    f("lr", o.lr);
    f("beta1", o.betas[0]);
    f("beta2", o.betas[1]);
    f("eps", o.eps);
    f("weight_decay", o.weight_decay);
    f("amsgrad", o.amsgrad);
    f("maximize", o.maximize);
  }
  static void check(const Options& o) {
    torchlite::check<Error>(o.lr >= 0, "{}: lr is {}; it must not be negative", Self::name, o.lr);
    torchlite::check<Error>(o.eps >= 0, "{}: eps is {}; it must not be negative", Self::name, o.eps);
    torchlite::check<Error>(o.weight_decay >= 0, "{}: weight_decay is {}; it must not be negative", Self::name, o.weight_decay);
    for (const double beta : o.betas)
      torchlite::check<Error>(beta >= 0 && beta < 1, "{}: a beta is {}; it must be in [0, 1)", Self::name, beta);
  }
  void update(const Options& o, typename Base::State& state, const Tensor<T, D>& p, const Tensor<T, D>& g) {
    if (o.amsgrad) step_one<true>(o, state, p, g);
    else step_one<false>(o, state, p, g);
  }

 private:
  template <bool Amsgrad>
  static void step_one(const Options& o, typename Base::State& state, const Tensor<T, D>& p, const Tensor<T, D>& g) {
    using R = register_t<T>;
    const double t = static_cast<double>(state.step);
    const double correction1 = 1 - std::pow(o.betas[0], t), correction2 = 1 - std::pow(o.betas[1], t);
    backend::AdamUpdate<R, Amsgrad> formula;
    formula.sign = o.maximize ? R(-1) : R(1);
    formula.decay = Self::decoupled ? R(0) : static_cast<R>(o.weight_decay);
    formula.shrink = Self::decoupled ? static_cast<R>(1 - o.lr * o.weight_decay) : R(1);
    formula.take1 = static_cast<R>(1 - o.betas[0]);
    formula.keep2 = static_cast<R>(o.betas[1]);
    formula.take2 = static_cast<R>(1 - o.betas[1]);
    formula.step_size = static_cast<R>(o.lr / correction1);
    formula.rescale = static_cast<R>(1 / std::sqrt(correction2));
    formula.eps = static_cast<R>(o.eps);
    Base::apply(formula, state, p, g);
  }
};

/// Adam: steps of about lr in each coordinate, from moving averages of the gradient and its square; weight_decay is an L2 penalty.
/// Source: Kingma and Ba, ICLR 2015; amsgrad: Reddi et al., ICLR 2018.
///   optim::Adam optimizer(net.parameters(), {.lr = 1e-3, .betas = {0.9, 0.95}});
template <class T, class D = Cpu>
class Adam : public AdamBase<Adam<T, D>, T, D, AdamOptions> {
  using Base = AdamBase<Adam, T, D, AdamOptions>;

 public:
  static constexpr const char* name = "Adam";
  static constexpr bool decoupled = false;

  explicit Adam(std::vector<Tensor<T, D>> params, AdamOptions options = {}) : Base(std::move(params), options) {}
  explicit Adam(std::vector<ParamGroup<T, D, AdamOptions>> groups, AdamOptions defaults = {}) : Base(std::move(groups), defaults) {}
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim
