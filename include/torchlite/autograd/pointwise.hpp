// SPDX-License-Identifier: BSD-3-Clause
// Running an expression: one pass over memory forward, one node in the graph, one pass backward.
#pragma once
#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/autograd/formula_node.hpp>
#include <torchlite/autograd/record.hpp>
#include <torchlite/tensor/check_devices.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {

/// Leaf types of a formula by number.
template <int I, class F>
struct LeafType;
template <int I, class... F>
struct LeafTypeIn;
template <int I, class F, class... Rest>
struct LeafTypeIn<I, F, Rest...> {
  static constexpr auto find() {
    if constexpr (LeafType<I, F>::found) return LeafType<I, F>{};
    else return LeafTypeIn<I, Rest...>{};
  }
  using where = decltype(find());
  static constexpr bool found = where::found;
  using type = typename where::type;
};
template <int I>
struct LeafTypeIn<I> {
  static constexpr bool found = false;
  using type = void;
};
template <int I, int J, class T>
struct LeafType<I, backend::Leaf<J, T>> {
  static constexpr bool found = I == J;
  using type = T;
};
template <int I, int J, class T>
struct LeafType<I, backend::Constant<J, T>> {
  static constexpr bool found = false;
  using type = void;
};
template <int I, class Op, class V, class C, class... F>
struct LeafType<I, backend::Apply<Op, V, C, F...>> : LeafTypeIn<I, F...> {};

/// The gradient of a formula written with differentiable operations; defined in ops/pointwise/symbolic.hpp.
template <class F, class V, class D, class Node>
TORCHLITE_COLD void differentiate_symbolically(Node& node, const Tensor<V, D>& grad_out);

/// One recorded formula. V is the dtype of its result, Last says that the last leaf is the result itself.
template <class F, class V, class D, bool Last>
class PointwiseNode final : public FormulaNode {
 public:
  static constexpr int leaves = backend::FormulaTraits<F>::leaves;
  static constexpr int scalar_count = backend::FormulaTraits<F>::scalars;
  static constexpr unsigned needed_values = backend::NeededLeaves<F>::mask;
  template <int I>
  using leaf_t = typename LeafType<I, F>::type;

  PointwiseNode(const char* op, Site where)
      : FormulaNode(op, where, sizeof(PointwiseNode), saved_, edge_list_, leaves, scalars_,
                    types(std::make_integer_sequence<int, leaves>{}), &tensor_type<V, D>,
                    [](const backend::MapBackwardArguments& a) { map_backward<F, V>(D{}, a); }) {}

  /// The number of the leaf that is the result itself; -1 if there is none.
  static constexpr int result_leaf() { return Last ? leaves - 1 : -1; }
  /// The result as it stands in the graph.
  template <class T>
  Tensor<T, D> linked_result() {
    const Tensor<T, D> t(saved_[leaves - 1].value);
    Tensor<T, D> linked = alias(t, t.sizes(), t.strides(), t.storage_offset());
    set_history(linked.impl(), Ref<Node>(this), 0);
    return linked;
  }

  SavedLeaf saved_[leaves > 0 ? leaves : 1];
  Edge edge_list_[leaves > 0 ? leaves : 1];
  backend::Scalar scalars_[scalar_count > 0 ? scalar_count : 1];

 private:
  template <int... I>
  static const TensorType* const* types(std::integer_sequence<int, I...>) {
    static constexpr const TensorType* list[] = {&tensor_type<leaf_t<I>, D>..., nullptr};
    return list;
  }
  void differentiate(ImplRef gradient) override { differentiate_symbolically<F, V, D>(*this, Tensor<V, D>(std::move(gradient))); }
};

// --- formulas that need only their result for backward ------------------------------------------------------------------
/// relu, exp, tanh ...: the derivative from the result. The result is the second operand.
template <class Op>
struct FromResult {
  static constexpr bool symbolic = requires { requires Op::symbolic; };
  static constexpr unsigned depends = 2;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T, T y) {
    return y;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T y) {
    return {{Op::derivative_from_result(y), x}};
  }
};

template <class F, class V>
struct BackwardFormula {
  using type = F;
  static constexpr bool from_result = false;
};
template <class Op, class V, class R, class C, class X>
  requires(requires(C y) { Op::derivative_from_result(y); } && backend::NeededLeaves<X>::mask == 0 && is_inexact<C>)
struct BackwardFormula<backend::Apply<Op, R, C, X>, V> {
  using type = backend::Apply<FromResult<Op>, R, C, X, backend::Leaf<backend::FormulaTraits<X>::leaves, V>>;
  static constexpr bool from_result = true;
};

/// The leaves of an expression, checked: nothing was modified since the expression was written, and all are on the current device.
template <class E>
struct LeafList : LeafSummary {
  const TensorImpl* impls[E::leaves > 0 ? E::leaves : 1];
  ImplRef const* refs[E::leaves > 0 ? E::leaves : 1];

  LeafList(const E& e, const char* name) {
    e.each_leaf([&](const auto& leaf) {
      impls[count] = &leaf.tensor.impl();
      refs[count] = &leaf.tensor.ref();
      add(name, leaf.tensor.impl(), leaf.version);
    });
    check_devices<typename E::device_type>(name, impls, count);
    requires_grad = requires_grad && is_grad_enabled();
  }
  void write(backend::StridedMemory* leaves) const {
    for (int i = 0; i < E::leaves; ++i) leaves[i] = {impls[i]->data(), &impls[i]->sizes, &impls[i]->strides, impls[i]->type->element_size};
  }
};

template <class Op>
constexpr const char* op_name() {
  if constexpr (requires { Op::name; }) return Op::name.data();
  else return "pointwise";
}
template <class Op, class D, class... X>
constexpr const char* name_of(const Expression<Op, D, X...>&) {
  return op_name<Op>();
}

/// A node for formula F of e's leaves, all saved.
template <class F, bool Last, class E>
auto make_formula_node(const E& e, const LeafList<E>& leaves, const char* name, Site site) {
  using N = PointwiseNode<F, typename E::value_type, typename E::device_type, Last>;
  auto node = make_node<N>(name, site);
  for (int i = 0; i < E::leaves; ++i) node->save_leaf(i, *leaves.refs[i], ((N::needed_values >> i) & 1u) != 0);
  backend::Scalar* s = node->scalars_;
  e.write_scalars(s);
  return node;
}

/// Records that out came from e by one node; overwritten: memory that an in-place form will change next.
template <class E, class T, class D>
void record_formula(const E& e, const LeafList<E>& leaves, const Tensor<T, D>& out, Site site, const Storage* overwritten = nullptr) {
  using Backward = BackwardFormula<typename E::formula_type, typename E::value_type>;
  auto node = make_formula_node<typename Backward::type, Backward::from_result>(e, leaves, name_of(e), site);
  if (overwritten != nullptr) node->copy_saved(overwritten);
  if constexpr (Backward::from_result) node->save_result(out.ref());
  set_history(out.impl(), Ref<Node>(node.get()), 0);
}

/// Records that out is a reduction of e, which was never stored, by one node.
template <class E, class T, class D>
void record_formula(const E& e, const LeafList<E>& leaves, const Tensor<T, D>& out, Site site, const Spread& spread) {
  auto node = make_formula_node<typename E::formula_type, false>(e, leaves, name_of(e), site);
  node->spread_ = spread;
  set_history(out.impl(), Ref<Node>(node.get()), 0);
}

/// Computes e into target; fits: it is known to have the shape that e broadcasts to and to be contiguous.
template <class E, class T, class D>
void run_formula(const E& e, const LeafList<E>& leaves, const Tensor<T, D>& target, bool fits = false) {
  backend::StridedMemory memory[E::leaves > 0 ? E::leaves : 1];
  leaves.write(memory);
  backend::Scalar scalars[E::scalars > 0 ? E::scalars : 1];
  backend::Scalar* s = scalars;
  e.write_scalars(s);
  const bool flat = leaves.flat && (fits || (target.is_contiguous() && leaves.sizes == target.sizes()));
  map<typename E::formula_type, T>(D{}, backend::MapArguments{strided_memory(target), memory, E::leaves, scalars, flat});
}

}  // namespace autograd

/// Runs an expression into fresh memory and, if a gradient may be asked for, records it.
template <expression E>
tensor_of<E> materialize(const E& e, Site site) {
  using V = value_t<E>;
  const std::int64_t begin = profiler::begin_range();
  const autograd::LeafList<E> leaves(e, autograd::name_of(e));
  const tensor_of<E> out = empty<V, device_t<E>>(leaves.sizes);
  autograd::run_formula(e, leaves, out, true);
  if constexpr (differentiable<V>)
    if (leaves.requires_grad) autograd::record_formula(e, leaves, out, site);
  if (begin != 0) [[unlikely]]
    profiler::record(autograd::name_of(e), profiler::Kind::op, site, begin);
  return out;
}

/// Changes one dtype into another; fuses like any other operation.
template <class To>
struct Cast {
  static constexpr std::string_view name = "to";
  static constexpr bool symbolic = true;
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  using result_type = To;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(1);
  }
};

template <class T, class D, class X>
Tensor<T, D> convert_tensor(const X& x, Site site) {
  using From = typename X::value_type;
  static_assert(std::is_same_v<typename X::device_type, D>,
                "operands live on different devices; move one first, for example with a.to<Cuda>()");
  static_assert(converts_implicitly<From, T>, "this conversion would lose information; cast with to<T>() to say that it is meant");
  if constexpr (!std::is_same_v<typename X::device_type, D> || !converts_implicitly<From, T>) return {};
  else if constexpr (std::is_same_v<From, T>) return x.eval(site);
  else return materialize(make_expression<Cast<T>>(x), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
