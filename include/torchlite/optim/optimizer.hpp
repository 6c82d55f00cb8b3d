// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/parameter.hpp>
#include <torchlite/backend/cpu/optimizer.hpp>
#include <torchlite/tensor/check_devices.hpp>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::optim {

/// An optimizer whose type is not seen: what learning-rate schedules and training loops work with.
class OptimizerBase {
 public:
  virtual ~OptimizerBase() = default;

  /// Changes every parameter that has a gradient.
  virtual void step() = 0;
  /// Forgets the gradients of all parameters.
  virtual void zero_grad() = 0;
  virtual std::size_t num_groups() const = 0;
  virtual double& lr(std::size_t group = 0) = 0;
  /// The learning rate a schedule starts from.
  virtual double& initial_lr(std::size_t group = 0) = 0;
  /// momentum, or beta1 of Adam; null if there is none.
  virtual double* momentum(std::size_t group = 0) = 0;
};

/// Parameters with options of their own.
template <class T, class D, class Options>
struct ParamGroup {
  std::vector<Tensor<T, D>> params;
  Options options{};
  double initial_lr = 0;
};

/// The base of optimizers. Self supplies
///   static constexpr const char* name, std::array<const char*, N> states        names of the tensors kept for each parameter
///   static void each_option(Options&, f)                                         f("lr", options.lr) and so on
///   static void check(const Options&)                                            throws Error on values that make no sense
///   void update(const Options&, State&, parameter, gradient)                     one step, by apply(formula, ...)
template <class Self, class T, class D, class Options, int States>
class Optimizer : public OptimizerBase {
 public:
  using Group = ParamGroup<T, D, Options>;

  /// What is kept for one parameter.
  struct State {
    std::int64_t step = 0;
    Tensor<T, D> tensors[States > 0 ? States : 1];
  };

  Optimizer(std::vector<Tensor<T, D>> params, Options defaults) : defaults_(defaults) {
    Self::check(defaults);
    add_param_group(std::move(params));
  }
  Optimizer(std::vector<Group> groups, Options defaults) : defaults_(defaults) {
    Self::check(defaults);
    for (Group& group : groups) add_param_group(std::move(group.params), group.options);
  }

  const Options& defaults() const { return defaults_; }
  std::vector<Group>& param_groups() { return groups_; }
  /// More parameters, with the default options.
  void add_param_group(std::vector<Tensor<T, D>> params) { add_param_group(std::move(params), defaults_); }
  /// More parameters, with the default options changed by edit: [](auto& options) { options.lr = 1e-4; }
  template <class F>
    requires std::is_invocable_v<F&, Options&>
  void add_param_group(std::vector<Tensor<T, D>> params, F&& edit) {
    Options options = defaults_;
    edit(options);
    add_param_group(std::move(params), options);
  }
  /// More parameters, with exactly these options.
  void add_param_group(std::vector<Tensor<T, D>> params, const Options& options) {
    Self::check(options);
    check<Error>(!params.empty(), "{}: the list of parameters is empty", Self::name);
    for (std::size_t i = 0; i < params.size(); ++i) {
      check<Error>(params[i].is_leaf(), "{}: parameter {} of shape {} was computed by {}; only leaves can be optimized", Self::name, i,
                   params[i].sizes().str(), params[i].grad_fn());
      for (const Group& group : groups_)
        for (const auto& other : group.params) check_distinct(params[i], other);
      for (std::size_t j = 0; j < i; ++j) check_distinct(params[i], params[j]);
    }
    state_.resize(state_.size() + params.size());
    groups_.push_back({std::move(params), options, options.lr});
  }

  void step() override {
    if constexpr (std::is_same_v<D, Cuda>) {
      try {
        update_all();
      } catch (...) {
        flush_updates(D{});
        throw;
      }
      flush_updates(D{});
    } else {
      update_all();
    }
  }
  /// Calls closure(), which computes the loss and its gradients, then makes a step; returns what closure returned.
  template <class F>
    requires std::is_invocable_v<F&>
  auto step(F&& closure) {
    auto loss = [&] {
      EnableGradGuard recorded;
      return closure();
    }();
    step();
    return loss;
  }
  void zero_grad() override {
    for (const Group& group : groups_)
      for (const auto& p : group.params) p.zero_grad();
  }

  std::size_t num_groups() const override { return groups_.size(); }
  double& lr(std::size_t group = 0) override { return groups_.at(group).options.lr; }
  double& initial_lr(std::size_t group = 0) override { return groups_.at(group).initial_lr; }
  double* momentum(std::size_t group = 0) override {
    Options& o = groups_.at(group).options;
    if constexpr (requires { o.betas; }) return &o.betas[0];
    else if constexpr (requires { o.momentum; }) return &o.momentum;
    else return nullptr;
  }

  /// "state.0.exp_avg", "state.0.step", "param_groups.0.lr", ...: PyTorch's names, flattened, numbers as float64 scalars.
  /// The state tensors share memory with the optimizer.
  StateDict state_dict() {
    StateDict dict;
    for (std::size_t i = 0; i < state_.size(); ++i) {
      if (state_[i].step == 0) continue;
      dict[format_text("state.{}.step", i)] = number(static_cast<double>(state_[i].step));
      for (int k = 0; k < States; ++k)
        if (state_[i].tensors[k].defined()) dict[state_name(i, k)] = state_[i].tensors[k];
    }
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      dict[format_text("param_groups.{}.initial_lr", g)] = number(groups_[g].initial_lr);
      Self::each_option(groups_[g].options,
                        [&](const char* option, auto& value) { dict[option_name(g, option)] = number(static_cast<double>(value)); });
    }
    return dict;
  }
  /// Takes up where state_dict() was called. Throws Error, before anything is changed, if the dictionary belongs to other parameters.
  void load_state_dict(const StateDict& dict) {
    StateDict known = expected_entries();
    for (const auto& [name, tensor] : dict) {
      const AnyTensor* own = known.find(name);
      check<Error>(own != nullptr, "{}: load_state_dict: unexpected entry '{}'", Self::name, name);
      check<ShapeError>(own->sizes() == tensor.sizes(), "{}: load_state_dict: '{}' has shape {} in the dictionary, {} here", Self::name,
                        name, tensor.sizes().str(), own->sizes().str());
    }
    for (std::size_t g = 0; g < groups_.size(); ++g)
      Self::each_option(groups_[g].options, [&](const char* option, auto&) { dict.at(option_name(g, option)); });

    std::size_t i = 0;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (const auto& p : groups_[g].params) {
        State& s = state_[i];
        const AnyTensor* steps = dict.find(format_text("state.{}.step", i));
        s.step = steps == nullptr ? 0 : static_cast<std::int64_t>(value_of(*steps));
        for (int k = 0; k < States; ++k) {
          const AnyTensor* values = dict.find(state_name(i, k));
          s.tensors[k] = values == nullptr ? Tensor<T, D>() : empty<T, D>(p.sizes());
          if (values != nullptr) AnyTensor(s.tensors[k]).copy_from(*values);
        }
        ++i;
      }
      if (const AnyTensor* first = dict.find(format_text("param_groups.{}.initial_lr", g))) groups_[g].initial_lr = value_of(*first);
      Self::each_option(groups_[g].options, [&](const char* option, auto& value) {
        value = static_cast<std::remove_reference_t<decltype(value)>>(value_of(dict.at(option_name(g, option))));
      });
    }
  }

 protected:
  /// One pass of formula over a parameter. In a captured graph the formula is computed again, from the options and the number of the
  /// step, before each replay. Throws Error if the state would be made there, since each replay would start from it.
  template <class F>
  static void apply(const F& formula, State& state, const Tensor<T, D>& parameter, const Tensor<T, D>& gradient) {
    if constexpr (requires { is_capturing(D{}); }) {
      if (wanted_.formula != nullptr) {
        check<Error>(wanted_.type == &formula_type<F>, "{}: a captured step does not become another kind of step in its replays",
                     Self::name);
        std::memcpy(wanted_.formula, &formula, sizeof(F));
        return;
      }
      if (is_capturing(D{})) {
        for (int k = 0; k < States; ++k)
          check<Error>((F::states >> k & 1u) == 0 || state.tensors[k].defined(),
                       "{}: the first step makes what it remembers and cannot be captured; run a step before, or capture with warmup",
                       Self::name);
        const F* const replayed = replay_value<F>(D{}, [now = running_] { return now.self->template formula_of<F>(now.group, now.state); });
        return run(backend::Replayed<F>{replayed}, state, parameter, gradient);
      }
    }
    run(formula, state, parameter, gradient);
  }

 private:
  /// The update that step() is at, and where apply() writes a formula to instead of running it.
  struct Running {
    Optimizer* self = nullptr;
    std::size_t group = 0, state = 0;
  };
  struct Wanted {
    void* formula = nullptr;
    const char* type = nullptr;
  };
  inline static thread_local Running running_;
  inline static thread_local Wanted wanted_;
  template <class F>
  static constexpr char formula_type = 0;

  /// The next step's formula for a parameter.
  template <class F>
  F formula_of(std::size_t group, std::size_t i) {
    F formula{};
    State& s = state_[i];
    std::size_t first = 0;
    for (std::size_t g = 0; g < group; ++g) first += groups_[g].params.size();
    const Tensor<T, D>& p = groups_[group].params[i - first];
    ++s.step;
    wanted_ = {&formula, &formula_type<F>};
    static_cast<Self*>(this)->update(groups_[group].options, s, p, p);
    wanted_ = {};
    return formula;
  }

  /// One pass of formula over a parameter; the state tensors it uses are made, of zeros, when they are first needed.
  template <class F>
  static void run(const F& formula, State& state, const Tensor<T, D>& parameter, const Tensor<T, D>& gradient) {
    static_assert(F::states < (1u << States));
    check_devices(Self::name, parameter, gradient);
    T* tensors[3] = {};
    for (int k = 0; k < States; ++k) {
      if ((F::states >> k & 1u) == 0) continue;
      Tensor<T, D>& s = state.tensors[k];
      if (!s.defined()) {
        s = empty<T, D>(parameter.sizes());
        fill_elements(s, T{});
      }
      tensors[k] = s.data();
    }
    if constexpr (std::is_same_v<D, Cuda>) {  // starts with those of other parameters
      if (gradient.is_contiguous() && parameter.is_contiguous()) {
        queue_update(D{}, formula, parameter.numel(), parameter.data(), static_cast<const T*>(gradient.data()), tensors[0], tensors[1],
                     tensors[2]);
        ++parameter.impl().storage->version;
        return;
      }
    }
    const Tensor<T, D> g = gradient.is_contiguous() ? gradient : dense(gradient);
    const Tensor<T, D> p = parameter.is_contiguous() ? parameter : dense(parameter);
    update_parameters(D{}, formula, p.numel(), p.data(), static_cast<const T*>(g.data()), tensors[0], tensors[1], tensors[2]);
    if (!parameter.is_contiguous()) copy_elements(parameter, p);
    ++parameter.impl().storage->version;
  }

  void update_all() {
    std::size_t i = 0;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (const Tensor<T, D>& p : groups_[g].params) {
        State& s = state_[i++];
        const autograd::Gradient* graph = autograd::find_gradient(p.impl());
        if (graph == nullptr || !graph->gradient) continue;
        ++s.step;
        running_ = {this, g, i - 1};
        static_cast<Self*>(this)->update(groups_[g].options, s, p, Tensor<T, D>(graph->gradient));
        if constexpr (requires { is_capturing(D{}); }) {
          if (is_capturing(D{})) --s.step;  // nothing was computed; each replay counts itself
        }
      }
    }
  }
  static Tensor<T, D> dense(const Tensor<T, D>& t) { return Tensor<T, D>(copy_gradient<T, D>(t.ref())); }
  static void check_distinct(const Tensor<T, D>& a, const Tensor<T, D>& b) {
    check<Error>(!(a.ref() == b.ref()), "{}: a parameter of shape {} appears twice; each belongs to one group", Self::name,
                 a.sizes().str());
  }
  static AnyTensor number(double value) { return Tensor<double>({}, {value}); }
  static double value_of(const AnyTensor& t) {
    const Tensor<double> value = empty<double>({});
    AnyTensor(value).copy_from(t);
    return value.item();
  }
  static std::string state_name(std::size_t i, int k) { return format_text("state.{}.{}", i, Self::states[static_cast<std::size_t>(k)]); }
  static std::string option_name(std::size_t g, const char* option) { return format_text("param_groups.{}.{}", g, option); }

  /// Every entry a dictionary may have, with its shape.
  StateDict expected_entries() {
    StateDict known;
    std::size_t i = 0;
    const AnyTensor one = number(0);
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (const auto& p : groups_[g].params) {
        known[format_text("state.{}.step", i)] = one;
        for (int k = 0; k < States; ++k) known[state_name(i, k)] = p;
        ++i;
      }
      known[format_text("param_groups.{}.initial_lr", g)] = one;
      Self::each_option(groups_[g].options, [&](const char* option, auto&) { known[option_name(g, option)] = one; });
    }
    return known;
  }

  Options defaults_;
  std::vector<Group> groups_;
  std::vector<State> state_;  // of all parameters, group after group
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim
