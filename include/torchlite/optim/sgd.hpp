// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/optimizer.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim {

struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
  bool maximize = false;
};

/// Stochastic gradient descent, p -= lr * g, with momentum, Nesterov's momentum and weight decay if asked for.
///   optim::SGD optimizer(net.parameters(), {.lr = 0.1, .momentum = 0.9});
template <class T, class D = Cpu>
class SGD : public Optimizer<SGD<T, D>, T, D, SGDOptions, 1> {
  using Base = Optimizer<SGD, T, D, SGDOptions, 1>;
  friend Base;

 public:
  static constexpr const char* name = "SGD";

  explicit SGD(std::vector<Tensor<T, D>> params, SGDOptions options = {}) : Base(std::move(params), options) {}
  explicit SGD(std::vector<ParamGroup<T, D, SGDOptions>> groups, SGDOptions defaults = {}) : Base(std::move(groups), defaults) {}

 private:
  static constexpr std::array<const char*, 1> states{"momentum_buffer"};

  template <class F>
  static void each_option(SGDOptions& o, F&& f) {
    f("lr", o.lr);
    f("momentum", o.momentum);
    f("dampening", o.dampening);
    f("weight_decay", o.weight_decay);
    f("nesterov", o.nesterov);
    f("maximize", o.maximize);
  }
  static void check(const SGDOptions& o) {
    torchlite::check<Error>(o.lr >= 0, "SGD: lr is {}; it must not be negative", o.lr);
    torchlite::check<Error>(o.momentum >= 0, "SGD: momentum is {}; it must not be negative", o.momentum);
    torchlite::check<Error>(o.weight_decay >= 0, "SGD: weight_decay is {}; it must not be negative", o.weight_decay);
    torchlite::check<Error>(!o.nesterov || (o.momentum > 0 && o.dampening == 0),
                            "SGD: nesterov needs a momentum (it is {}) and no dampening (it is {})", o.momentum, o.dampening);
  }

  void update(const SGDOptions& o, typename Base::State& state, const Tensor<T, D>& p, const Tensor<T, D>& g) {
    using R = register_t<T>;
    const R lr = static_cast<R>(o.lr), sign = o.maximize ? R(-1) : R(1), decay = static_cast<R>(o.weight_decay);
    if (o.momentum == 0) return Base::apply(backend::SgdUpdate<R>{lr, sign, decay}, state, p, g);
    const bool first = !state.tensors[0].defined();  // the first velocity is the gradient, undamped
    const R keep = static_cast<R>(o.momentum), take = first ? R(1) : static_cast<R>(1 - o.dampening);
    Base::apply(backend::MomentumUpdate<R>{lr, sign, decay, keep, take, o.nesterov ? R(1) : R(0), o.nesterov ? keep : R(1)}, state, p, g);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim
