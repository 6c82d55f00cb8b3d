// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/convert.hpp>
#include <torchlite/nn/visitors.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// The base of a module, which is a plain struct:
///   template <class T = float, class D = Cpu>
///   struct Net : nn::Module<Net<T, D>> {
///     std::int64_t width = 32;
///     nn::Linear<T, D> fc1{784, width}, fc2{width, 10};
///     auto forward(const Tensor<T, D>& x) { return fc2(relu(fc1(x))); }
///   };
/// Its fields are its parameters (Parameter), buffers (Buffer), submodules and containers of those, under the names they have in
/// the program; everything else is a hyper-parameter. Copies of a module share its tensors, clone() copies them.
template <class Self>
struct Module {
  using module_type = Self;

  /// Calls forward.
  template <class... A>
  decltype(auto) operator()(A&&... inputs) {
    return call(self(), std::forward<A>(inputs)...);
  }
  template <class... A>
  decltype(auto) operator()(A&&... inputs) const {
    return call(self(), std::forward<A>(inputs)...);
  }

  /// All parameters, each once, as tensors of the dtype and device of the first one; throws DtypeError if one has another dtype.
  auto parameters() const {
    using P = parameter_tensor<Self>;
    std::vector<P> list;
    for (const auto& [name, tensor] : collect(true, false, true)) list.push_back(as<P>(name, tensor));
    return list;
  }
  auto named_parameters() const {
    using P = parameter_tensor<Self>;
    std::vector<std::pair<std::string, P>> list;
    for (const auto& [name, tensor] : collect(true, false, true)) list.emplace_back(name, as<P>(name, tensor));
    return list;
  }
  std::vector<AnyTensor> buffers() const {
    std::vector<AnyTensor> list;
    for (const auto& [name, tensor] : collect(false, true, true)) list.push_back(tensor);
    return list;
  }
  std::vector<std::pair<std::string, AnyTensor>> named_buffers() const { return collect(false, true, true); }
  /// Number of elements of all parameters.
  std::int64_t num_parameters() const {
    std::int64_t n = 0;
    for (const auto& [name, tensor] : collect(true, false, true)) n += tensor.numel();
    return n;
  }

  /// Names and tensors of all parameters and buffers. The tensors share memory with the module.
  StateDict state_dict() const {
    StateDict dict;
    for (const auto& [name, tensor] : collect(true, true, false)) dict[name] = tensor;
    return dict;
  }
  /// Copies values into the parameters and buffers of the same names, converting dtypes. Throws Error that names each entry of
  /// another shape and, if strict, each entry that is missing or too many; nothing has been copied then.
  LoadResult load_state_dict(const StateDict& dict, bool strict = true) { return load_tensors(collect(true, true, false), dict, strict); }

  /// Switches what behaves differently in training (Dropout, BatchNorm).
  Self& train(bool on = true) {
    TrainingFlags visitor(on);
    visit_module(visitor, self());
    return self();
  }
  Self& eval() { return train(false); }
  /// The first training flag found; true if there is none.
  bool is_training() const {
    TrainingFlags visitor;
    visit(visitor);
    return visitor.found.empty() || visitor.found.front();
  }

  void zero_grad() const {
    ForgetGradients visitor;
    visit(visitor);
  }
  Self& requires_grad_(bool on = true) {
    RequireGradients visitor(on);
    visit_module(visitor, self());
    return self();
  }

  /// f(module) for this module and all within, innermost first, as far as f takes their type:
  ///   net.apply([](nn::Linear<>& linear) { nn::init::zeros_(linear.bias); });
  template <class F>
  Self& apply(F&& f) {
    apply_within(self(), f);
    return self();
  }

  /// A module of its own memory.
  Self clone() const {
    CopiedTensors copied;
    return converted<Self>(self(), copied);
  }
  /// A copy with another floating dtype: Net<float> gives Net<half>.
  template <dtype T>
  auto to() const {
    static_assert(floating<T>, "a module's dtype is a floating one: float, double, half or bfloat16");
    return rebound<T, void>();
  }
  /// A copy on another device.
  template <device D>
  auto to() const {
    return rebound<void, D>();
  }

  /// Shows this module and everything within to a visitor.
  void visit(ModuleVisitor& visitor) const { visit_module(visitor, const_cast<Self&>(self())); }
  /// The module as PyTorch prints it.
  std::string str() const {
    Describe visitor;
    visit(visitor);
    return visitor.text;
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }
  const Self& self() const { return static_cast<const Self&>(*this); }

  template <class S, class... A>
  static decltype(auto) call(S& s, A&&... inputs) {
    using R = decltype(s.forward(std::forward<A>(inputs)...));
    if constexpr (tensor_like<R> && !std::is_reference_v<R>) {
      R result = s.forward(std::forward<A>(inputs)...);
      if (ForwardObserver* observer = forward_observer()) [[unlikely]]
        observer->after(&s, reflect::class_name<Self>(), sizes_of(result));
      return result;
    } else {
      return s.forward(std::forward<A>(inputs)...);
    }
  }
  template <class R>
  static Shape sizes_of(const R& result) {
    if constexpr (tensor<R>) return result.sizes();
    else return autograd::LeafList<R>(result, "forward").sizes;
  }

  std::vector<std::pair<std::string, AnyTensor>> collect(bool parameters, bool buffers, bool unique) const {
    CollectTensors visitor(parameters, buffers, unique);
    visit(visitor);
    return std::move(visitor.found);
  }
  template <class P>
  static P as(const std::string& name, const AnyTensor& t) {
    check<DtypeError>(t.is<typename P::value_type, typename P::device_type>(),
                      "parameters: '{}' holds {} on {}, the first parameter {} on {}; use state_dict() for modules of several dtypes", name,
                      to_string(t.dtype()), t.device(), to_string(dtype_v<typename P::value_type>), P::device_type::name);
    return t.get<typename P::value_type, typename P::device_type>();
  }

  template <class M, class F>
  static void apply_within(M& m, F& f) {
    each_field(m, [&](std::string_view, auto& field) {
      using X = std::remove_cvref_t<decltype(field)>;
      if constexpr (has_state<X>()) apply_field(field, f);
    });
    if constexpr (std::is_invocable_v<F&, M&>) f(m);
  }
  template <class X, class F>
  static void apply_field(X& x, F& f) {
    if constexpr (named_tensor<X>) return;
    else if constexpr (module<X>) apply_within(x, f);
    else if constexpr (optional_field<X> || pointer_field<X>) {
      if (x) apply_field(*x, f);
    } else if constexpr (map_field<X>) {
      for (auto& [key, value] : x) apply_field(value, f);
    } else if constexpr (range_field<X>) {
      for (auto& value : x) apply_field(value, f);
    } else std::apply([&](auto&... value) { (apply_field(value, f), ...); }, x);
  }

  template <class T, class D>
  auto rebound() const {
    using P = parameter_tensor<Self>;
    using To = typename Rebind<Self, T, D>::type;
    using Q = parameter_tensor<To>;
    static_assert(
        std::is_void_v<T> || std::is_same_v<typename Q::value_type, T> || std::is_same_v<decltype(parameter_of<Self>()), NoParameter>,
        "to<T>() needs a module that is a template of dtype and device: template <class T, class D> struct Net : nn::Module<Net<T, D>>");
    static_assert(
        std::is_void_v<D> || std::is_same_v<typename Q::device_type, D> || std::is_same_v<decltype(parameter_of<Self>()), NoParameter>,
        "to<Device>() needs a module that is a template of dtype and device: template <class T, class D> struct Net : nn::Module<Net<T, "
        "D>>");
    static_assert(tensor<P>);
    CopiedTensors copied;
    return converted<To>(self(), copied);
  }
};

template <module M>
std::string to_string(const M& m) {
  return m.str();
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn

/// fmt::print("{}", net) prints a module as PyTorch does.
template <torchlite::nn::module M>
struct fmt::formatter<M> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const M& m, Context& context) const {
    return fmt::formatter<fmt::string_view>::format(m.str(), context);
  }
};
