// SPDX-License-Identifier: BSD-3-Clause
// Which dtype a pointwise operation computes in and which one it gives.
#pragma once
#include <torchlite/backend/formula.hpp>
#include <torchlite/expr/concepts.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// What an operation does to dtypes; stated as `static constexpr Result result`, floating if it says nothing.
enum class Result {
  same,      ///< the promoted dtype of the operands: add, maximum, relu
  floating,  ///< the same, but float for integers: exp, div, a user's own formula
  real,      ///< the promoted dtype; of complex numbers a real one: abs, angle
  complex,   ///< the complex dtype of the promoted one: complex, polar
  boolean,   ///< computed in the promoted dtype, gives bool: less, isnan
  logical    ///< computed with bool, gives bool: logical_and
};

template <class Op>
constexpr Result result_of() {
  if constexpr (requires { Op::result; }) return Op::result;
  else return Result::floating;
}

/// Stands for "no tensor seen yet" while dtypes are promoted.
struct NoDtype {};

template <class Acc, class T>
constexpr auto promote_next() {
  if constexpr (std::is_same_v<Acc, NoDtype>) return T{};
  else return promote_t<Acc, T>{};
}

/// The dtypes of Op on operands: Kinds is a list of TensorKind<T> and ScalarKind<S>.
template <class T>
struct TensorKind {};
template <class S>
struct ScalarKind {};

template <class Acc, class... Kinds>
struct JoinTensors {
  using type = Acc;
};
template <class Acc, class T, class... Rest>
struct JoinTensors<Acc, TensorKind<T>, Rest...> : JoinTensors<decltype(promote_next<Acc, T>()), Rest...> {};
template <class Acc, class S, class... Rest>
struct JoinTensors<Acc, ScalarKind<S>, Rest...> : JoinTensors<Acc, Rest...> {};

template <class Acc, class... Kinds>
struct JoinScalars {
  using type = Acc;
};
template <class Acc, class T, class... Rest>
struct JoinScalars<Acc, TensorKind<T>, Rest...> : JoinScalars<Acc, Rest...> {};
template <class Acc, class S, class... Rest>
struct JoinScalars<Acc, ScalarKind<S>, Rest...> : JoinScalars<promote_scalar_t<Acc, S>, Rest...> {};

template <class Op, class... Kinds>
struct OpTyping {
  using promoted = typename JoinScalars<typename JoinTensors<NoDtype, Kinds...>::type, Kinds...>::type;
  static constexpr Result result = result_of<Op>();

  static constexpr auto compute_value() {
    if constexpr (result == Result::floating) return floating_t<promoted>{};
    else if constexpr (result == Result::complex) return complex_t<promoted>{};
    else if constexpr (result == Result::logical) return bool{};
    else return promoted{};
  }
  static constexpr auto result_value() {
    if constexpr (requires { typename Op::result_type; }) return typename Op::result_type{};
    else if constexpr (result == Result::boolean || result == Result::logical) return bool{};
    else if constexpr (result == Result::real) return real_t<decltype(compute_value())>{};
    else return compute_value();
  }
  using compute = decltype(compute_value());    ///< dtype in which Op computes
  using value_type = decltype(result_value());  ///< dtype that it gives
};

}  // namespace torchlite::inline TORCHLITE_ABI
