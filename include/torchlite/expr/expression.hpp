// SPDX-License-Identifier: BSD-3-Clause
// A pointwise computation that has not run: operations as types, operands held by handle.
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/core/shape.hpp>
#include <torchlite/expr/methods.hpp>
#include <torchlite/expr/typing.hpp>

#include <memory>

namespace torchlite::inline TORCHLITE_ABI {

/// A tensor in an expression, and the version of its memory that the expression saw.
template <class T, class D>
struct LeafOperand {
  using value_type = T;
  using device_type = D;
  using kind = TensorKind<T>;
  static constexpr int leaves = 1, scalars = 0;

  Tensor<T, D> tensor;
  std::uint32_t version;

  template <int L, int S, class C>
  using formula = backend::Leaf<L, T>;
};

template <class N>
struct ScalarOperand {
  using kind = ScalarKind<N>;
  static constexpr int leaves = 0, scalars = 1;

  N value;

  template <int L, int S, class C>
  using formula = backend::Constant<S, C>;
};

/// Operands one after the other; std::tuple without its compile time. (The last one stands alone: behind it an empty pack that takes no
/// address makes nvcc 13.0 run out of memory on a * tanh(b).)
template <class X, class... Rest>
struct OperandPack {
  X head;
  OperandPack<Rest...> tail;

  template <class F>
  void each(F&& f) const {
    f(head);
    tail.each(f);
  }
};
template <class X>
struct OperandPack<X> {
  X head;

  template <class F>
  void each(F&& f) const {
    f(head);
  }
};

/// The formula types of the operands, leaves and scalars numbered from L and S on.
template <class... F>
struct FormulaList {};
template <class Op, class V, class C, class List>
struct ApplyList;
template <class Op, class V, class C, class... F>
struct ApplyList<Op, V, C, FormulaList<F...>> {
  using type = backend::Apply<Op, V, C, F...>;
};
template <int L, int S, class C, class Done, class... X>
struct NumberOperands {
  using type = Done;
};
template <int L, int S, class C, class... Done, class X, class... Rest>
struct NumberOperands<L, S, C, FormulaList<Done...>, X, Rest...> {
  using type =
      typename NumberOperands<L + X::leaves, S + X::scalars, C, FormulaList<Done..., typename X::template formula<L, S, C>>, Rest...>::type;
};

/// Op of operands, lazily. It runs when a tensor is made of it, or, if it has a name, when it is first used; a named
/// expression runs once and is read after that.
template <class Op, class D, class... X>
class Expression : public ExpressionTag, public Methods<Expression<Op, D, X...>> {
  using typing = OpTyping<Op, typename X::kind...>;

 public:
  using value_type = typename typing::value_type;
  using device_type = D;
  using kind = TensorKind<value_type>;
  using compute_type = register_t<typename typing::compute>;
  static constexpr int leaves = (X::leaves + ... + 0), scalars = (X::scalars + ... + 0);

  template <int L, int S, class C>
  using formula = typename ApplyList<Op, register_t<value_type>, compute_type,
                                     typename NumberOperands<L, S, compute_type, FormulaList<>, X...>::type>::type;
  using formula_type = formula<0, 0, void>;

  explicit Expression(OperandPack<X...> operands) : operands_(std::move(operands)) {}

  /// The result; computed by the first call and kept.
  const Tensor<value_type, D>& eval(Site site = Site::current()) const& {
    if (!cache_.defined()) cache_ = materialize(*this, site);
    return cache_;
  }
  /// The result of a temporary, by value, so that a reference to it cannot dangle.
  Tensor<value_type, D> eval(Site site = Site::current()) && { return static_cast<const Expression&>(*this).eval(site); }

  /// f(leaf) for every tensor, in the order of their numbers.
  template <class F>
  void each_leaf(F&& f) const {
    operands_.each([&](const auto& x) {
      if constexpr (requires { x.tensor; }) f(x);
      else if constexpr (requires { x.each_leaf(f); }) x.each_leaf(f);
    });
  }
  /// Writes the numbers, in their order, in the type that each is computed with.
  void write_scalars(backend::Scalar*& out) const {
    operands_.each([&](const auto& x) {
      if constexpr (requires { x.value; }) {
        backend::store_scalar<compute_type>(*out++, x.value);
      } else if constexpr (requires { x.write_scalars(out); }) {
        x.write_scalars(out);
      }
    });
  }

 private:
  OperandPack<X...> operands_;
  mutable Tensor<value_type, D> cache_;
};

// --- making one --------------------------------------------------------------------------------------------------------
template <class A>
auto hold_operand(A&& a) {
  using X = std::remove_cvref_t<A>;
  if constexpr (tensor<A>) {
    using T = typename X::value_type;
    using D = typename X::device_type;
    const std::uint32_t version = a.version();
    return LeafOperand<T, D>{Tensor<T, D>(std::forward<A>(a)), version};
  } else if constexpr (expression<A>) {
    if constexpr (std::is_lvalue_reference_v<A>) return hold_operand(a.eval());  // it has a name: computed once, then read
    else return X(std::forward<A>(a));
  } else {
    return ScalarOperand<X>{a};
  }
}

template <class A>
constexpr int leaf_count_of() {
  using X = std::remove_cvref_t<A>;
  if constexpr (expression<A> && !std::is_lvalue_reference_v<A>) return X::leaves;
  else return tensor_like<A> ? 1 : 0;
}

template <class... A>
struct FirstDevice;
template <class A, class... Rest>
struct FirstDevice<A, Rest...> {
  static constexpr auto find() {
    if constexpr (tensor_like<A>) return device_t<A>{};
    else return FirstDevice<Rest...>::find();
  }
};
template <class D, class A>
constexpr bool lives_on() {
  if constexpr (tensor_like<A>) return std::is_same_v<device_t<A>, D>;
  else return true;
}

template <class X>
OperandPack<X> pack_operands(X x) {
  return {std::move(x)};
}
template <class X, class Y, class... Rest>
OperandPack<X, Y, Rest...> pack_operands(X x, Y y, Rest... rest) {
  return {std::move(x), pack_operands(std::move(y), std::move(rest)...)};
}
template <class Op, class D, class... X>
Expression<Op, D, X...> express(X... x) {
  return Expression<Op, D, X...>(pack_operands(std::move(x)...));
}

/// Op of the operands. Temporaries are absorbed, named expressions run first, and so do operands that together have more
/// leaves than one kernel takes.
template <class Op, operand... A>
auto make_expression(A&&... a) {
  using D = decltype(FirstDevice<A...>::find());
  static_assert((lives_on<D, A>() && ...), "operands live on different devices; move one first, for example with a.to<Cuda>()");
  if constexpr (!(lives_on<D, A>() && ...)) {
    return;
  } else if constexpr ((leaf_count_of<A>() + ... + 0) < backend::max_leaves) {  // room for the result, which some gradients read
    return express<Op, D>(hold_operand(std::forward<A>(a))...);
  } else {
    return express<Op, D>(hold_operand(a)...);
  }
}

/// A pointwise function made of Op's formula: takes tensors, expressions and numbers.
template <class Op>
struct Pointwise {
  using op = Op;

  template <operand... A>
    requires(tensor_like<A> || ...)
  constexpr auto operator()(A&&... a) const { return make_expression<Op>(std::forward<A>(a)...); }
};

using backend::Partials;

}  // namespace torchlite::inline TORCHLITE_ABI
