// SPDX-License-Identifier: BSD-3-Clause
// Running an expression: one pass over memory forward, one node in the graph, one pass backward.
#pragma once
#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/autograd/record.hpp>

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

struct TimesFormula {
  template <class R>
  TORCHLITE_HOST_DEVICE static R value(R a, R b) {
    return a * b;
  }
};

/// How a reduction that took its pointwise input along spreads its gradient over that input.
struct Spread {
  bool active = false;
  Shape sizes;    ///< of the pointwise input
  Shape strides;  ///< of the (contiguous) gradient of the result, read with these sizes: 0 where it was reduced
  double scale = 1;
};

/// One recorded formula. V is the dtype of its result, Last says that the last leaf is the result itself.
template <class F, class V, class D, bool Last>
class PointwiseNode final : public Node {
 public:
  static constexpr int leaves = backend::FormulaTraits<F>::leaves;
  static constexpr int scalar_count = backend::FormulaTraits<F>::scalars;
  static constexpr unsigned needed_values = backend::NeededLeaves<F>::mask;
  template <int I>
  using leaf_t = typename LeafType<I, F>::type;
  static constexpr bool needs_value(int i) { return ((needed_values >> i) & 1u) != 0; }

  struct SavedLeaf {
    ImplRef value;  ///< null if backward does not read it
    std::uint32_t version = 0;
    const TensorType* type = nullptr;
    Shape sizes;
  };

  PointwiseNode(const char* op, Site where) : Node(op, where, sizeof(PointwiseNode)) {
    output_.type = &tensor_type<V, D>;
    Node::edges_ = edges_;
    Node::edge_count_ = static_cast<std::uint32_t>(leaves);
    Node::outputs_ = &output_;
    Node::output_count_ = 1;
  }

  void save_leaf(int i, const ImplRef& impl) {
    SavedLeaf& leaf = saved_[i];
    leaf.type = impl->type;
    leaf.sizes = impl->sizes;
    if (needs_value(i)) {
      leaf.value = impl;
      leaf.version = impl->storage->version;
    }
    edges_[i] = edge_to(impl);
  }
  /// The result as a leaf: without its graph, which would be a cycle.
  void save_result(const Tensor<V, D>& out) {
    SavedLeaf& leaf = saved_[leaves - 1];
    leaf.type = &tensor_type<V, D>;
    leaf.sizes = out.sizes();
    leaf.value = alias(out, out.sizes(), out.strides(), out.storage_offset()).ref();
    leaf.version = out.version();
  }

  /// Copies what was saved of memory that is about to be overwritten.
  void copy_saved(const Storage* memory) {
    for (SavedLeaf& leaf : saved_) {
      if (!leaf.value || leaf.value->storage.get() != memory) continue;
      leaf.value = leaf.type->copy(leaf.value);
      leaf.version = leaf.value->storage->version;
    }
  }

  void backward(bool create_graph) override {
    check_versions();
    Tensor<V, D> grad(std::move(output_.gradient));
    if (create_graph) {
      differentiate_symbolically<F, V, D>(*this, grad);
    } else {
      run(std::move(grad), std::make_integer_sequence<int, leaves>{});
    }
  }
  void release() override {
    for (SavedLeaf& leaf : saved_) leaf.value = nullptr;
  }
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
  Edge edges_[leaves > 0 ? leaves : 1];
  backend::Scalar scalars_[scalar_count > 0 ? scalar_count : 1];
  Spread spread_;

 private:
  void check_versions() const {
    for (const SavedLeaf& leaf : saved_)
      check<Error>(!leaf.value || leaf.value->storage->version == leaf.version,
                   "{}: a tensor of shape {} that its gradient needs was modified in place after it was used (version {}, then {}); clone it first",
                   this->name, leaf.sizes.str(), leaf.value ? leaf.value->storage->version : 0, leaf.version);
  }

  template <int... I>
  void run(Tensor<V, D> grad, std::integer_sequence<int, I...>) {
    if (spread_.active) {
      if (!grad.is_contiguous()) grad = Tensor<V, D>(copy_gradient<V, D>(grad.ref()));
      if (spread_.scale != 1) grad = scaled(grad, spread_.scale);
      grad = alias(grad, spread_.sizes, spread_.strides, grad.storage_offset());
    }
    taken_ = false;
    backend::StridedMemory reads[leaves];
    backend::GradientTarget targets[leaves];
    ImplRef gradients[leaves];
    bool flat = grad.is_contiguous();
    (prepare<I>(grad, reads, targets, gradients, flat), ...);
    backend::MapBackwardArguments a{strided_memory(grad), reads, targets, leaves, scalars_, flat};
    map_backward<F, V>(D{}, a);
    for (int i = 0; i < leaves; ++i)
      if (targets[i].mode == backend::GradientMode::write) Engine::current()->send(edges_[i], std::move(gradients[i]));
  }

  // Equal tensors (x * x) share one gradient: the first leaf writes it, the others add.
  template <int I>
  void prepare(const Tensor<V, D>& grad, backend::StridedMemory* reads, backend::GradientTarget* targets, ImplRef* gradients, bool& flat) {
    using T = leaf_t<I>;
    SavedLeaf& leaf = saved_[I];
    reads[I].sizes = &leaf.sizes;
    reads[I].element_size = leaf.type->element_size;
    if (leaf.value) {
      reads[I].data = leaf.value->data();
      reads[I].strides = &leaf.value->strides;
      flat = flat && leaf.value->contiguous && leaf.sizes == grad.sizes();
    } else {
      reads[I].strides = &leaf.sizes;  // any strides: nothing is read
    }
    if constexpr (floating<T>) {
      if (!edges_[I]) return;
      for (int j = 0; j < I; ++j) {
        if (targets[j].mode == backend::GradientMode::write && edges_[j] == edges_[I] && saved_[j].sizes == leaf.sizes) {
          targets[I] = targets[j];
          targets[I].mode = backend::GradientMode::add;
          return;
        }
      }
      // The gradient that came in is overwritten if nobody else holds it: element i is read before it is written.
      const bool reuse = std::is_same_v<T, V> && !taken_ && leaf.sizes == grad.sizes() && grad.is_contiguous() && grad.ref()->use_count() == 1 &&
                         grad.impl().storage->use_count() == 1 && grad.storage_offset() == 0;
      if (reuse) taken_ = true;
      gradients[I] = reuse ? alias_ref(grad) : empty<T, D>(leaf.sizes).ref();
      TensorImpl& g = *gradients[I];
      targets[I] = {{g.data(), &g.sizes, &g.strides, g.type->element_size}, dtype_v<T>, backend::GradientMode::write};
      flat = flat && leaf.sizes == grad.sizes();
    }
  }
  static ImplRef alias_ref(const Tensor<V, D>& t) { return alias(t, t.sizes(), t.strides(), t.storage_offset()).ref(); }

  static Tensor<V, D> scaled(const Tensor<V, D>& t, double by) {
    using R = register_t<V>;
    using Formula = backend::Apply<TimesFormula, R, R, backend::Leaf<0, V>, backend::Constant<0, R>>;
    const Tensor<V, D> out = empty<V, D>(t.sizes());
    const backend::StridedMemory leaf = strided_memory(t);
    backend::Scalar scalar;
    scalar.f = by;
    map<Formula, V>(D{}, backend::MapArguments{strided_memory(out), &leaf, 1, &scalar, true});
    return out;
  }
  Node::Output output_;
  bool taken_ = false;
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
  requires(requires(C y) { Op::derivative_from_result(y); } && backend::NeededLeaves<X>::mask == 0 && std::is_floating_point_v<C>)
struct BackwardFormula<backend::Apply<Op, R, C, X>, V> {
  using type = backend::Apply<FromResult<Op>, R, C, X, backend::Leaf<backend::FormulaTraits<X>::leaves, V>>;
  static constexpr bool from_result = true;
};

/// The leaves of an expression, checked: nothing was modified since the expression was written.
template <class E>
struct LeafList {
  const TensorImpl* impls[E::leaves > 0 ? E::leaves : 1];
  ImplRef const* refs[E::leaves > 0 ? E::leaves : 1];
  bool requires_grad = false;
  bool flat = true;  ///< contiguous and of equal sizes
  Shape sizes;       ///< broadcast

  LeafList(const E& e, const char* name) {
    int n = 0;
    e.each_leaf([&](const auto& leaf) {
      const TensorImpl& impl = leaf.tensor.impl();
      check<Error>(impl.storage->version == leaf.version,
                   "{}: an operand of shape {} was modified in place after the expression was written (version {}, then {}); evaluate the "
                   "expression before",
                   name, impl.sizes.str(), impl.storage->version, leaf.version);
      if (n == 0) {
        sizes = impl.sizes;
      } else if (!(impl.sizes == sizes)) {
        flat = false;
        sizes = broadcast_shapes(name, sizes, impl.sizes);
      }
      flat = flat && impl.contiguous;
      requires_grad |= impl.requires_grad;
      impls[n] = &impl;
      refs[n++] = &leaf.tensor.ref();
    });
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

/// Records that out came from e by one node; spread says how if a reduction lies between, overwritten which memory an
/// in-place form will change next.
template <class E, class T, class D>
void record_formula(const E& e, const LeafList<E>& leaves, const Tensor<T, D>& out, Site site, const Spread& spread = {},
                    const Storage* overwritten = nullptr) {
  using V = typename E::value_type;
  static_assert(std::is_same_v<V, T> || floating<V>);
  using Backward = BackwardFormula<typename E::formula_type, V>;
  const auto fill = [&](auto& node) {
    for (int i = 0; i < E::leaves; ++i) node.save_leaf(i, *leaves.refs[i]);
    if (overwritten != nullptr) node.copy_saved(overwritten);
    backend::Scalar* s = node.scalars_;
    e.write_scalars(s);
    node.spread_ = spread;
  };
  if (!spread.active && Backward::from_result) {
    auto node = make_node<PointwiseNode<typename Backward::type, V, D, Backward::from_result>>(name_of(e), site);
    fill(*node);
    if constexpr (Backward::from_result) node->save_result(out);
    set_history(out.impl(), Ref<Node>(node.get()), 0);
  } else {
    auto node = make_node<PointwiseNode<typename E::formula_type, V, D, false>>(name_of(e), site);
    fill(*node);
    set_history(out.impl(), Ref<Node>(node.get()), 0);
  }
}

/// Computes e into target, which has the shape that e broadcasts to.
template <class E, class T, class D>
void run_formula(const E& e, const LeafList<E>& leaves, const Tensor<T, D>& target) {
  backend::StridedMemory memory[E::leaves > 0 ? E::leaves : 1];
  leaves.write(memory);
  backend::Scalar scalars[E::scalars > 0 ? E::scalars : 1];
  backend::Scalar* s = scalars;
  e.write_scalars(s);
  const bool flat = leaves.flat && target.is_contiguous() && leaves.sizes == target.sizes();
  map<typename E::formula_type, T>(D{}, backend::MapArguments{strided_memory(target), memory, E::leaves, scalars, flat});
}

}  // namespace autograd

/// Runs an expression into fresh memory and, if a gradient may be asked for, records it.
template <expression E>
tensor_of<E> materialize(const E& e, Site site) {
  using V = value_t<E>;
  const autograd::LeafList<E> leaves(e, autograd::name_of(e));
  const tensor_of<E> out = empty<V, device_t<E>>(leaves.sizes);
  autograd::run_formula(e, leaves, out);
  if constexpr (floating<V>)
    if (leaves.requires_grad) autograd::record_formula(e, leaves, out, site);
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
  static_assert(std::is_same_v<typename X::device_type, D>, "operands live on different devices; move one first, for example with a.to<Cuda>()");
  static_assert(converts_implicitly<From, T>, "this conversion would lose information; cast with to<T>() to say that it is meant");
  if constexpr (!std::is_same_v<typename X::device_type, D> || !converts_implicitly<From, T>) return {};
  else if constexpr (std::is_same_v<From, T>) return x.eval(site);
  else return materialize(make_expression<Cast<T>>(x), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
