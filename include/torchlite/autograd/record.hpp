// SPDX-License-Identifier: BSD-3-Clause
// How an operation that is no pointwise formula records itself:
//
//   if (!autograd::needed(a, b)) return out;
//   return autograd::record("mm", site, out, autograd::inputs(a, b),
//                           [a = autograd::save(a), b = autograd::save(b)](const auto& pass, const Tensor<T, D>& g) {
//                             return std::tuple(pass.needs(0) ? mm(g, b.get().t()) : Tensor<T, D>(), ...);
//                           });
//
// The backward function is written with differentiable operations, so that create_graph gives derivatives of any order.
#pragma once
#include <torchlite/autograd/saved_tensors.hpp>
#include <torchlite/tensor/tensor.hpp>

#include <array>
#include <optional>
#include <tuple>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// True if an operation on these tensors has to be recorded.
template <class... X>
bool needed(const X&... tensors) {
  return is_grad_enabled() && ((tensors.defined() && tensors.impl().requires_grad) || ...);
}

/// A tensor kept for backward; get() throws if it was modified in place since.
template <class T, class D>
class Saved {
 public:
  Saved() = default;
  explicit Saved(const Tensor<T, D>& t) {
    if (SavedTensorHooks::current() != nullptr && t.defined()) [[unlikely]] {
      packed_ = pack_tensor(t.ref());
    } else {
      tensor_ = t;
      version_ = t.defined() ? t.version() : 0;
    }
  }

  const Tensor<T, D>& get() const {
    if (packed_) [[unlikely]] {
      tensor_ = Tensor<T, D>(packed_->get());
      version_ = tensor_.version();
    }
    if (tensor_.defined() && tensor_.version() != version_) {
      const Engine* engine = Engine::current();
      fail<Error>(
          "{}: a tensor of shape {} that its gradient needs was modified in place after it was saved (version {}, then {}); clone it first",
          engine && engine->running() ? engine->running()->name : "backward", tensor_.sizes().str(), tensor_.version(), version_);
    }
    return tensor_;
  }

 private:
  mutable Tensor<T, D> tensor_;
  mutable std::uint32_t version_ = 0;
  Ref<PackedTensor> packed_;  // in place of the tensor, where hooks took it
};
template <class T, class D>
Saved<T, D> save(const Tensor<T, D>& t) {
  return Saved<T, D>(t);
}

/// What a backward function may ask of the pass it runs in.
class Pass {
 public:
  Pass(Node* node, std::span<const Edge> edges, bool create_graph) : node_(node), edges_(edges), create_graph_(create_graph) {}

  /// True if somebody asks for the gradient of input i.
  bool needs(std::size_t i) const { return static_cast<bool>(edges_[i]); }
  /// True if the gradients are to be differentiated again.
  bool create_graph() const { return create_graph_; }
  /// The operation's result as it is in the graph, from the detached memory that was saved of it.
  template <class T, class D>
  Tensor<T, D> output(const Saved<T, D>& saved, std::uint32_t slot = 0) const {
    const Tensor<T, D>& t = saved.get();
    if (!create_graph_) return t;
    Tensor<T, D> linked = alias(t, t.sizes(), t.strides(), t.storage_offset());
    set_history(linked.impl(), Ref<Node>(node_), slot);
    return linked;
  }

 private:
  Node* node_;
  std::span<const Edge> edges_;
  bool create_graph_;
};

/// The result of an operation for its own backward: the same memory, without the graph (which would be a cycle).
template <class T, class D>
Saved<T, D> save_output(const Tensor<T, D>& t) {
  return Saved<T, D>(alias(t, t.sizes(), t.strides(), t.storage_offset()));
}

template <class... X>
std::array<Edge, sizeof...(X)> inputs(const X&... tensors) {
  return {edge_to(tensors.defined() ? tensors.ref() : ImplRef())...};
}
/// Edges of a list of tensors (cat, stack).
template <class T, class D>
std::vector<Edge> inputs(const std::vector<Tensor<T, D>>& tensors) {
  std::vector<Edge> edges;
  edges.reserve(tensors.size());
  for (const auto& t : tensors) edges.push_back(edge_to(t.ref()));
  return edges;
}

/// A recorded operation without the types of its tensors and of its backward function.
template <class Edges>
class RecordedNode : public Node {
 public:
  RecordedNode(const char* op, Site where, std::size_t bytes, Edges list, const TensorType* type, std::uint32_t outputs)
      : Node(op, where, bytes), kept_edges_(std::move(list)), more_(outputs > 1 ? outputs : 0) {
    edges_ = kept_edges_.data();
    edge_count_ = static_cast<std::uint32_t>(kept_edges_.size());
    outputs_ = outputs > 1 ? more_.data() : &first_;
    output_count_ = outputs;
    for (std::uint32_t i = 0; i < outputs; ++i) outputs_[i].type = type;
  }

 protected:
  TORCHLITE_NOINLINE void send_all(ImplRef* gradients, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) Engine::current()->send(edges_[i], std::move(gradients[i]));
  }

 private:
  Edges kept_edges_;
  Node::Output first_;
  std::vector<Node::Output> more_;
};

/// An operation with outputs of type Tensor<T, D> and a backward function that takes one gradient, or a vector of them.
template <class T, class D, class Edges, class F>
class FunctionNode final : public RecordedNode<Edges> {
 public:
  FunctionNode(const char* op, Site where, Edges list, F function, std::uint32_t outputs)
      : RecordedNode<Edges>(op, where, sizeof(FunctionNode), std::move(list), &tensor_type<T, D>, outputs),
        function_(std::move(function)) {}

  void backward(bool create_graph) override {
    const Pass pass(this, this->edges(), create_graph);
    if constexpr (std::is_invocable_v<F&, const Pass&, const Tensor<T, D>&>) {
      deliver((*function_)(pass, Tensor<T, D>(this->output(0).gradient)));
    } else {
      std::vector<Tensor<T, D>> gradients;
      for (std::uint32_t i = 0; i < this->output_count(); ++i) gradients.emplace_back(this->output(i).gradient);
      deliver((*function_)(pass, gradients));
    }
  }
  void release() override { function_.reset(); }

 private:
  template <class R>
  void deliver(R&& result) {
    if constexpr (requires { std::tuple_size<std::remove_cvref_t<R>>::value; }) {
      std::apply(
          [&](const auto&... g) {
            ImplRef gradients[] = {g.ref()...};
            this->send_all(gradients, sizeof...(g));
          },
          result);
    } else if constexpr (requires {
                           result.begin();
                           result.capacity();
                         }) {
      std::vector<ImplRef> gradients;
      for (const auto& g : result) gradients.push_back(g.ref());
      this->send_all(gradients.data(), gradients.size());
    } else {
      ImplRef gradients[] = {result.ref()};
      this->send_all(gradients, 1);
    }
  }

  std::optional<F> function_;
};

/// Makes out the result of a recorded operation. backward(pass, gradient) returns the gradients of the inputs in their order:
/// one tensor, a tuple or a vector; undefined tensors are no gradient.
template <class T, class D, class Edges, class F>
Tensor<T, D> record(const char* name, Site site, Tensor<T, D> out, Edges edges, F backward) {
  Ref<Node> node(make_node<FunctionNode<T, D, Edges, F>>(name, site, std::move(edges), std::move(backward), 1u).get());
  set_history(out.impl(), std::move(node), 0);
  return out;
}

/// The same for several outputs; backward(pass, gradients) takes a vector, undefined where no gradient came.
template <class T, class D, class Edges, class F>
std::vector<Tensor<T, D>> record(const char* name, Site site, std::vector<Tensor<T, D>> outs, Edges edges, F backward) {
  Ref<Node> node(
      make_node<FunctionNode<T, D, Edges, F>>(name, site, std::move(edges), std::move(backward), static_cast<std::uint32_t>(outs.size()))
          .get());
  for (std::size_t i = 0; i < outs.size(); ++i) set_history(outs[i].impl(), node, static_cast<std::uint32_t>(i));
  return outs;
}

/// Marks a tensor that shares memory with a recorded one: using it after the memory changed in place is an error.
template <class T, class D>
Tensor<T, D> mark_view(Tensor<T, D> view) {
  if (view.impl().graph != nullptr) {
    Gradient& g = gradient_of(view.impl());
    g.is_view = true;
    g.view_version = view.version();
  }
  return view;
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
