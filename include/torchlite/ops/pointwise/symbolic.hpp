// SPDX-License-Identifier: BSD-3-Clause
// Gradients of gradients. A recorded formula is replayed operation by operation on tensors: Symbol is a number type whose
// values are tensors and whose arithmetic is recorded, so the derivative formulas that the kernels run on floats run on it
// as they stand, and their results can be differentiated again, to any order.
#pragma once
#include <torchlite/autograd/inplace.hpp>
#include <torchlite/ops/pointwise/derivative_of.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbol_functions.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace symbolic {

/// Replays formula F over symbols of type S.
template <class F, class S>
struct Replay;

template <int I, class T, class S>
struct Replay<backend::Leaf<I, T>, S> {
  template <class Context>
  S value(Context& context) {
    return context.template leaf<I, T>();
  }
  template <class Context>
  void reverse(Context& context, const S& adjoint) {
    if constexpr (differentiable<T>) context.template gradient<I, T>(adjoint);
  }
};

template <int I, class T, class S>
struct Replay<backend::Constant<I, T>, S> {
  template <class Context>
  S value(Context& context) {
    return S(convert_number<typename S::Number>(backend::load_scalar<T>(context.scalar(I))));
  }
  template <class Context>
  void reverse(Context&, const S&) {}
};

template <class Op, class V, class C, class... F, class S>
struct Replay<backend::Apply<Op, V, C, F...>, S> {
  static constexpr int count = sizeof...(F);
  static constexpr bool uses_result = backend::has_result_derivative<Op, C, count> && !backend::has_plain_derivative<Op, C, count>;

  std::tuple<Replay<F, S>...> operands;
  S kept;

  template <class Context>
  TORCHLITE_COLD S value(Context& context) {
    if (!kept.defined()) kept = evaluate_operands(context, std::index_sequence_for<F...>{});
    return kept;
  }
  template <class Context, std::size_t... K>
  TORCHLITE_COLD S evaluate_operands(Context& context, std::index_sequence<K...>) {
    const S y = apply<Op>(std::get<K>(operands).value(context)...);
    using Raw = decltype(value_type_of<Op, C>(std::index_sequence_for<F...>{}));
    if constexpr (complex_number<Raw>) return seen_by<V>(y);  // a cast to a real dtype
    else return y;
  }

  template <class Context>
  void reverse(Context& context, const S& adjoint) {
    if constexpr (backend::differentiable_op<Op, C, count>) reverse_operands(context, adjoint, std::index_sequence_for<F...>{});
  }
  template <class Context, std::size_t... K>
  TORCHLITE_COLD void reverse_operands(Context& context, const S& adjoint, std::index_sequence<K...>) {
    // Only values that the derivative looks at are computed; the others stand in as nothing.
    constexpr unsigned depends = backend::depends_on<Op>();
    constexpr bool scaled = backend::NeededLeaves<backend::Apply<Op, V, C, F...>>::scaled;
    const S x[] = {((depends >> K) & 1u) != 0 && (!scaled || backend::is_constant<F>) ? std::get<K>(operands).value(context) : S()...};
    S y;
    if constexpr (backend::has_result_derivative<Op, C, count>) y = value(context);
    const Partials<S, count> p = partials_of<Op, S>(y, x[K]...);
    const S g = seen_by<V>(adjoint);
    ((backend::is_constant<F> ? void() : std::get<K>(operands).reverse(context, gradient_of<Op>(g, p, x, K))), ...);
  }
};

/// double if any number in the formula is one, else float.
template <class F>
inline constexpr bool has_double = false;
template <int I>
inline constexpr bool has_double<backend::Leaf<I, double>> = true;
template <int I>
inline constexpr bool has_double<backend::Leaf<I, std::complex<double>>> = true;
template <class Op, class V, class C, class... F>
inline constexpr bool has_double<backend::Apply<Op, V, C, F...>> = std::is_same_v<real_t<V>, double> || std::is_same_v<real_t<C>, double> ||
                                                                   (has_double<F> || ...);

/// True if any number in the formula is complex: then all are.
template <class F>
inline constexpr bool has_complex = false;
template <int I, class T>
inline constexpr bool has_complex<backend::Leaf<I, T>> = complex_number<T>;
template <class Op, class V, class C, class... F>
inline constexpr bool has_complex<backend::Apply<Op, V, C, F...>> = complex_number<V> || complex_number<C> || (has_complex<F> || ...);

template <class Node, class F, class N, class D>
struct ReplayContext {
  using S = Symbol<N, D>;
  Node& node;
  S leaves[Node::leaves];

  const backend::Scalar& scalar(int i) const { return node.scalars_[i]; }

  template <int I, class T>
  S leaf() {
    if (!leaves[I].defined()) {
      Tensor<T, D> t(node.saved_[I].value);
      if (node.result_leaf() == I) t = node.template linked_result<T>();
      leaves[I] = S(Tensor<N, D>(convert<N>(t)));
    }
    return leaves[I];
  }
  template <int I, class T>
  void gradient(const S& adjoint) {
    if (!node.edge_list_[I]) return;
    const Tensor<N, D> g = sum_to_size(adjoint.tensor(), node.saved_[I].sizes);
    autograd::Engine::current()->send(node.edge_list_[I], convert<T>(g).ref());
  }

  template <class To, class From>
  static Tensor<To, D> convert(const Tensor<From, D>& t) {
    if constexpr (std::is_same_v<To, From>) return t;
    else return materialize(make_expression<Cast<To>>(t), Site{});
  }
};

/// The gradient of a reduction, read with the sizes of what was reduced.
template <class V, class D>
Tensor<V, D> spread_gradient(const Tensor<V, D>& g, const autograd::Spread& spread) {
  const Tensor<V, D> dense = g.is_contiguous() ? g : Tensor<V, D>(copy_gradient<V, D>(g.ref()));
  Tensor<V, D> out = alias(dense, spread.sizes, spread.strides, dense.storage_offset());
  if (autograd::needed(g)) {
    Shape kept = spread.sizes;
    for (int d = 0; d < kept.rank(); ++d)
      if (spread.strides[d] == 0) kept[d] = 1;
    out = autograd::record(
        "expand", Site{}, std::move(out), autograd::inputs(g),
        [kept, own = g.sizes()](const autograd::Pass&, const Tensor<V, D>& gg) { return reshape_recorded(sum_to_size(gg, kept), own); });
  }
  return out;
}

}  // namespace symbolic

namespace autograd {
template <class F, class V, class D, class Node>
void differentiate_symbolically(Node& node, const Tensor<V, D>& grad_out) {
  using Real = std::conditional_t<symbolic::has_double<F> || std::is_same_v<real_t<V>, double>, double, float>;
  using N = std::conditional_t<symbolic::has_complex<F> || complex_number<V>, std::complex<Real>, Real>;
  using S = symbolic::Symbol<N, D>;
  using Replayed = symbolic::ReplayContext<Node, F, N, D>;
  Replayed context{node, {}};
  const Tensor<V, D> g = node.spread_.active ? symbolic::spread_gradient(grad_out, node.spread_) : grad_out;
  S adjoint(Replayed::template convert<N>(g));
  if (node.spread_.active && node.spread_.scale != 1) adjoint = adjoint * S(node.spread_.scale);
  symbolic::Replay<F, S>().reverse(context, adjoint);
}
}  // namespace autograd

}  // namespace torchlite::inline TORCHLITE_ABI
