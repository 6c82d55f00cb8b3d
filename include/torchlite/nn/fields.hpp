// SPDX-License-Identifier: BSD-3-Clause
// The fields of a module, whoever lists them: reflection for aggregates, the class itself for others.
#pragma once
#include <torchlite/autograd/parameter.hpp>
#include <torchlite/nn/reflect.hpp>

#include <tuple>

namespace torchlite::inline TORCHLITE_ABI::nn {

template <class Self>
struct Module;

/// A class that derives from Module of itself.
template <class X>
concept module = requires {
  typename std::remove_cvref_t<X>::module_type;
}
&&std::is_base_of_v<Module<typename std::remove_cvref_t<X>::module_type>, std::remove_cvref_t<X>>;

/// A Parameter or Buffer.
template <class X>
concept named_tensor = tensor<X> && requires {
  std::remove_cvref_t<X>::role;
};

template <class... F>
struct TypeList {};

/// Names and addresses of fields, one after the other; std::tuple without its compile time.
template <class... F>
struct FieldList {
  template <class G>
  void each(G&&) const {}
};
template <class F, class... Rest>
struct FieldList<F, Rest...> {
  const char* name;
  F* field;
  [[no_unique_address]] FieldList<Rest...> rest;

  template <class G>
  void each(G&& g) const {
    g(std::string_view(name), *field);
    rest.each(g);
  }
};
template <class F, class... Rest>
FieldList<F, Rest...> prepend_field(const char* name, F* field, FieldList<Rest...> rest) {
  return {name, field, rest};
}

inline FieldList<> fields() { return {}; }
/// What a module that is no aggregate lists its fields with:
///   auto fields() { return nn::fields("weight", weight, "bias", bias, "eps", eps); }
/// Parameters, buffers, modules and containers of them are found in it by these names; other fields are only copied by clone()
/// and to(). A field named "" puts what it contains in its owner's place.
template <class F, class... NamesAndFields>
auto fields(const char* name, F& field, NamesAndFields&&... list) {
  static_assert(sizeof...(list) % 2 == 0, "nn::fields takes names and fields in turn: nn::fields(\"weight\", weight, \"bias\", bias)");
  return prepend_field(name, &field, fields(list...));
}

template <class M>
constexpr bool lists_fields() {
  return requires(M & m) { m.fields(); };
}
template <class M>
constexpr void check_reflectable() {
  static_assert(
      lists_fields<M>() || std::is_aggregate_v<M>,
      "a module with constructors lists its fields in one line: auto fields() { return torchlite::nn::fields(\"weight\", weight); }");
}

template <class M, class F, std::size_t... I, class... P>
void each_reflected(F& f, std::index_sequence<I...>, P*... field) {
  (f(reflect::field_name<M, I>, *field), ...);
}

/// f(name, field) for every field of a module.
template <class M, class F>
void each_field(M& m, F&& f) {
  check_reflectable<M>();
  if constexpr (lists_fields<M>()) {
    m.fields().each(f);
  } else {
    reflect::with_fields(m, [&](auto*... field) { each_reflected<M>(f, std::make_index_sequence<sizeof...(field)>(), field...); });
  }
}

struct ListTypes {
  template <class... F>
  constexpr TypeList<std::remove_cv_t<F>...> operator()(F*...) const {
    return {};
  }
};
template <class... F>
constexpr TypeList<std::remove_cv_t<F>...> types_of(const FieldList<F...>*) {
  return {};
}
/// The types of a module's fields.
template <class M>
constexpr auto field_types() {
  check_reflectable<M>();
  if constexpr (lists_fields<M>()) {
    return types_of(static_cast<decltype(std::declval<M&>().fields())*>(nullptr));
  } else {
    return decltype(reflect::with_fields(std::declval<M&>(), ListTypes{})){};
  }
}

// --- containers that may hold modules -----------------------------------------------------------------------------------
template <class X>
concept range_field = requires(X& x) {
  typename X::value_type;
  x.begin();
  x.end();
}
&&!std::is_same_v<typename X::value_type, X>;
template <class X>
concept map_field = range_field<X> && requires {
  typename X::mapped_type;
};
template <class X>
concept optional_field = requires(X& x) {
  typename X::value_type;
  x.has_value();
  *x;
};
template <class X>
concept pointer_field = requires(X& x) {
  typename X::element_type;
  x.get();
  *x;
};
template <class X>
concept tuple_field = requires {
  std::tuple_size<X>::value;
};

template <class X>
constexpr bool has_state();
template <class X, std::size_t... I>
constexpr bool tuple_has_state(std::index_sequence<I...>) {
  return (has_state<std::tuple_element_t<I, X>>() || ...);
}
/// True if there may be a tensor to be named in X; everything else is a hyper-parameter.
template <class X>
constexpr bool has_state() {
  if constexpr (named_tensor<X> || module<X>) return true;
  else if constexpr (tensor_like<X>) return false;
  else if constexpr (map_field<X>) return has_state<typename X::mapped_type>();
  else if constexpr (range_field<X> || optional_field<X>) return has_state<typename X::value_type>();
  else if constexpr (pointer_field<X>) return has_state<std::remove_cv_t<typename X::element_type>>();
  else if constexpr (tuple_field<X>) return tuple_has_state<X>(std::make_index_sequence<std::tuple_size<X>::value>());
  else return false;
}

// --- visiting -----------------------------------------------------------------------------------------------------------
template <class M>
void visit_module(ModuleVisitor& visitor, M& m);

template <class Name, class X>
void visit_field(ModuleVisitor& visitor, Name name, X& x) {
  if constexpr (named_tensor<X>) {
    if (x.defined()) visitor.visit_tensor(name, x, X::role);
  } else if constexpr (optional_field<X> || pointer_field<X>) {
    if (x) visit_field(visitor, name, *x);
  } else {
    const std::size_t before = visitor.push(name);
    if constexpr (module<X>) {
      visit_module(visitor, x);
    } else if constexpr (map_field<X>) {
      for (auto& [key, value] : x) visit_field(visitor, std::string_view(key), value);
    } else if constexpr (range_field<X>) {
      std::size_t i = 0;
      for (auto& value : x) visit_field(visitor, i++, value);
    } else {
      std::apply(
          [&](auto&... value) {
            std::size_t i = 0;
            (visit_field(visitor, i++, value), ...);
          },
          x);
    }
    visitor.pop(before);
  }
}

template <class M>
std::string extra_repr_of(const void* m) {
  return static_cast<const M*>(m)->extra_repr();
}
template <class M>
ModuleInfo info_of(M& m) {
  static constexpr std::string_view name = reflect::class_name<M>();
  ModuleInfo info{name, &m, nullptr, nullptr};
  if constexpr (requires { bool{m.training}; }) info.training = &m.training;
  if constexpr (requires { m.extra_repr(); }) info.extra_repr = &extra_repr_of<M>;
  return info;
}

/// Shows a module and what is in it to a visitor: a module's own tensors before its submodules, as PyTorch orders them.
template <class M>
void visit_module(ModuleVisitor& visitor, M& m) {
  const ModuleInfo info = info_of(m);
  visitor.enter(visitor.path(), info);
  each_field(m, [&](std::string_view name, auto& field) {
    if constexpr (named_tensor<decltype(field)>) visit_field(visitor, name, field);
  });
  each_field(m, [&](std::string_view name, auto& field) {
    using X = std::remove_cvref_t<decltype(field)>;
    if constexpr (!named_tensor<X> && has_state<X>()) visit_field(visitor, name, field);
  });
  visitor.leave(visitor.path(), info);
}

// --- the dtype and device of a module: those of its first parameter -------------------------------------------------------
struct NoParameter {};
template <class X>
constexpr auto parameter_of();
template <class... F>
constexpr auto first_parameter(TypeList<F...>) {
  return NoParameter{};
}
template <class F, class... Rest>
constexpr auto first_parameter(TypeList<F, Rest...>) {
  using P = decltype(parameter_of<F>());
  if constexpr (std::is_same_v<P, NoParameter>) return first_parameter(TypeList<Rest...>{});
  else return P{};
}
template <class X, std::size_t... I>
constexpr auto tuple_types(std::index_sequence<I...>) {
  return TypeList<std::tuple_element_t<I, X>...>{};
}
template <class X>
constexpr auto parameter_of() {
  if constexpr (!has_state<X>()) return NoParameter{};
  else if constexpr (named_tensor<X>) {
    if constexpr (X::role == Role::parameter) return TypeList<typename X::value_type, typename X::device_type>{};
    else return NoParameter{};
  } else if constexpr (module<X>) return first_parameter(decltype(field_types<X>()){});
  else if constexpr (map_field<X>) return parameter_of<typename X::mapped_type>();
  else if constexpr (range_field<X> || optional_field<X>) return parameter_of<typename X::value_type>();
  else if constexpr (pointer_field<X>) return parameter_of<std::remove_cv_t<typename X::element_type>>();
  else return first_parameter(tuple_types<X>(std::make_index_sequence<std::tuple_size<X>::value>()));
}
template <class P>
struct TensorOfParameter {
  using type = Tensor<float, Cpu>;
};
template <class T, class D>
struct TensorOfParameter<TypeList<T, D>> {
  using type = Tensor<T, D>;
};
/// Tensor<T, D> of the first parameter of module M; Tensor<float> if it has none.
template <class M>
using parameter_tensor = typename TensorOfParameter<decltype(parameter_of<M>())>::type;

}  // namespace torchlite::inline TORCHLITE_ABI::nn
