// SPDX-License-Identifier: BSD-3-Clause
// Copies of modules, of the same type or with another dtype or device.
#pragma once
#include <torchlite/nn/fields.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// X with T for its floating dtypes and D for its devices; void keeps them. A class template whose parameters are not all
/// types can specialise it.
template <class X, class T, class D>
struct Rebind {
  using type = X;
};
template <class A, class T, class D>
constexpr auto rebind_argument() {
  if constexpr (floating<A> && !std::is_void_v<T>) return std::type_identity<T>{};
  else if constexpr (device<A> && !std::is_void_v<D>) return std::type_identity<D>{};
  else if constexpr (module<A>) return std::type_identity<typename Rebind<A, T, D>::type>{};
  else return std::type_identity<A>{};
}
template <template <class...> class M, class... A, class T, class D>
struct Rebind<M<A...>, T, D> {
  using type = M<typename decltype(rebind_argument<A, T, D>())::type...>;
};

/// Tensors that were copied, so that what was shared before is shared after.
using CopiedTensors = std::vector<std::pair<ImplRef, AnyTensor>>;

template <class To, class From>
To converted(const From& from, CopiedTensors& copied);

template <class To, class... ToField, class... FromField>
To build_aggregate(TypeList<ToField...>, CopiedTensors& copied, FromField*... field) {
  return To{Module<To>{}, converted<ToField>(*field, copied)...};
}
inline void assign_fields(const FieldList<>&, const FieldList<>&, CopiedTensors&) {}
template <class To, class... ToRest, class From, class... FromRest>
void assign_fields(const FieldList<To, ToRest...>& to, const FieldList<From, FromRest...>& from, CopiedTensors& copied) {
  *to.field = converted<To>(*from.field, copied);
  assign_fields(to.rest, from.rest, copied);
}
template <class To, class From, std::size_t... I>
To convert_tuple(const From& from, CopiedTensors& copied, std::index_sequence<I...>) {
  return To{converted<std::tuple_element_t<I, To>>(std::get<I>(from), copied)...};
}

template <class To, class From>
To convert_tensor(const From& from, CopiedTensors& copied) {
  if (!from.defined()) return To();
  using T = typename To::value_type;
  using D = typename To::device_type;
  for (const auto& [old, made] : copied)
    if (old == from.ref()) return To(Tensor<T, D>(made.template get<T, D>()));
  const Tensor<T, D> values = empty<T, D>(from.sizes());
  AnyTensor(values).copy_from(AnyTensor(from));
  copied.emplace_back(from.ref(), AnyTensor(values));
  if constexpr (requires { To(values, true); } && named_tensor<To>) return To(values, from.requires_grad());
  else return To(values);
}

/// A copy of a field as a To: memory of its own for every tensor, everything else by its copy.
template <class To, class From>
To converted(const From& from, CopiedTensors& copied) {
  if constexpr (tensor<From>) {
    return convert_tensor<To>(from, copied);
  } else if constexpr (!has_state<From>()) {
    return To(from);
  } else if constexpr (module<From>) {
    From& source = const_cast<From&>(from);  // fields() is not const; nothing is written through it
    if constexpr (lists_fields<From>()) {
      To to;
      assign_fields(to.fields(), source.fields(), copied);
      return to;
    } else {
      return reflect::with_fields(source,
                                  [&](auto*... field) { return build_aggregate<To>(decltype(field_types<To>()){}, copied, field...); });
    }
  } else if constexpr (optional_field<From>) {
    return from ? To(converted<typename To::value_type>(*from, copied)) : To();
  } else if constexpr (pointer_field<From>) {
    using M = typename To::element_type;
    return from ? To(new M(converted<M>(*from, copied))) : To();
  } else if constexpr (tuple_field<From>) {  // std::array too
    return convert_tuple<To>(from, copied, std::make_index_sequence<std::tuple_size<From>::value>());
  } else if constexpr (map_field<From>) {
    To to;
    for (const auto& [key, value] : from) to.emplace(key, converted<typename To::mapped_type>(value, copied));
    return to;
  } else {
    To to;
    for (const auto& value : from) to.push_back(converted<typename To::value_type>(value, copied));
    return to;
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn
