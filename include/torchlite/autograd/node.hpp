// SPDX-License-Identifier: BSD-3-Clause
// The graph: nodes own what they came from, outputs own their node, and nothing points the other way.
#pragma once
#include <torchlite/autograd/grad_mode.hpp>
#include <torchlite/tensor/impl.hpp>

#include <span>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::autograd {

class Node;
void destroy(Node* node);

/// Sees, and may replace, a gradient.
class Hook : public Counted {
 public:
  virtual ~Hook() = default;
  virtual ImplRef call(const ImplRef& gradient) = 0;
  bool removed = false;
  bool last = false;  ///< runs after those that are registered later
};
inline void destroy(Hook* hook) { delete hook; }
/// Adds a hook to a list, before one that runs last.
inline void add_hook(std::vector<Ref<Hook>>& hooks, Ref<Hook> hook) {
  hooks.insert(!hooks.empty() && hooks.back()->last ? hooks.end() - 1 : hooks.end(), std::move(hook));
}

/// Where a gradient goes: an output of the node that made a tensor, or a leaf tensor.
struct Edge {
  Ref<Node> node;
  std::uint32_t slot = 0;
  ImplRef leaf;

  explicit operator bool() const { return static_cast<bool>(node) || static_cast<bool>(leaf); }
  friend bool operator==(const Edge& a, const Edge& b) { return a.node == b.node && a.slot == b.slot && a.leaf == b.leaf; }
};

struct Gradient;

/// retain_grad(): keeps the gradient that goes by with the tensor whose gradient it is, as long as that exists.
class RetainHook final : public Hook {
 public:
  explicit RetainHook(Gradient* whose) : owner(whose) { last = true; }
  ImplRef call(const ImplRef& gradient) override;

  Gradient* owner;
};

/// A tensor's part in the graph: who made it, or, for a leaf, its gradient.
struct Gradient : GraphState {
  Ref<Node> node;
  std::uint32_t slot = 0;
  ImplRef gradient;
  ImplRef pending;  ///< what the running backward pass has collected so far
  bool queued = false;
  bool is_view = false;
  std::uint32_t view_version = 0;  ///< version of the memory when the view was taken
  std::vector<Ref<Hook>> hooks;
  Ref<RetainHook> retained;  ///< among the hooks of the node, after retain_grad()

  ~Gradient() override {
    if (retained) retained->owner = nullptr;
  }
  static void* operator new(std::size_t bytes) { return backend::allocate(Cpu{}, bytes); }
  static void operator delete(void* p) { backend::deallocate(Cpu{}, p, sizeof(Gradient)); }
};

inline ImplRef RetainHook::call(const ImplRef& gradient) {
  if (owner == nullptr) return nullptr;
  if (owner->gradient) gradient->type->accumulate(owner->gradient, gradient, is_grad_enabled());
  else owner->gradient = is_grad_enabled() ? gradient : gradient->type->copy(gradient);
  return nullptr;
}

inline Gradient& gradient_of(TensorImpl& impl) {
  if (impl.graph == nullptr) impl.graph = new Gradient;
  return *static_cast<Gradient*>(impl.graph);
}
inline const Gradient* find_gradient(const TensorImpl& impl) { return static_cast<const Gradient*>(impl.graph); }

inline std::uint64_t next_sequence() {
  static std::uint64_t counter = 0;
  return is_single_threaded() ? ++counter : __atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED);
}

/// One recorded operation. A node is younger than everything it came from, so that going by descending sequence number
/// visits each node after all of its users.
class Node : public Counted {
 public:
  struct Output {
    const TensorType* type = nullptr;
    ImplRef gradient;
    std::vector<Ref<Hook>> hooks;
  };

  Node(const char* op, Site where, std::size_t bytes) : name(op), site(where), sequence(next_sequence()), allocated_bytes(bytes) {}
  virtual ~Node() = default;

  /// Computes the gradients of the inputs from those of the outputs and sends each along its edge.
  virtual void backward(bool create_graph) = 0;
  /// Lets go of everything that was saved for backward.
  virtual void release() = 0;
  /// The sizes of input i, where the node remembers them.
  virtual const Shape* input_sizes(std::size_t) const { return nullptr; }

  std::span<Edge> edges() const { return {edges_, edge_count_}; }
  Output& output(std::uint32_t slot) const { return outputs_[slot]; }
  std::uint32_t output_count() const { return output_count_; }

  const char* name;
  Site site;
  std::uint64_t sequence;
  std::size_t allocated_bytes;
  bool queued = false;
  bool released = false;
  bool needed = false;  ///< on a path to an input that grad() was asked for

 protected:
  // Where the class that derives keeps its edges and outputs.
  Edge* edges_ = nullptr;
  Output* outputs_ = nullptr;
  std::uint32_t edge_count_ = 0;
  std::uint32_t output_count_ = 0;
};

inline void destroy_now(Node* node) {
  const std::size_t bytes = node->allocated_bytes;
  node->~Node();
  backend::deallocate(Cpu{}, node, bytes);
}

/// Ends a node's life without recursion: what dies because of it waits in a list.
TORCHLITE_NOINLINE inline void destroy(Node* node) {
  static thread_local std::vector<Node*>* waiting = nullptr;
  if (waiting != nullptr) {
    waiting->push_back(node);
    return;
  }
  std::vector<Node*> list;
  waiting = &list;
  destroy_now(node);
  while (!list.empty()) {
    Node* next = list.back();
    list.pop_back();
    destroy_now(next);
  }
  waiting = nullptr;
}

template <class N, class... Args>
Ref<N> make_node(Args&&... args) {
  void* memory = backend::allocate(Cpu{}, sizeof(N));
  return Ref<N>(new (memory) N(std::forward<Args>(args)...));
}

/// The edge to a tensor; empty if it takes no gradient.
TORCHLITE_NOINLINE inline Edge edge_to(const ImplRef& impl) {
  if (!impl || !impl->requires_grad) return {};
  const Gradient* g = find_gradient(*impl);
  if (g != nullptr && g->node) {
    check<Error>(
        !g->is_view || g->view_version == impl->storage->version,
        "{}: the tensor is a view whose base was modified in place after the view was taken (version {}, then {}); take the view again",
        g->node->name, impl->storage->version, g->view_version);
    return {g->node, g->slot, nullptr};
  }
  return {nullptr, 0, impl};
}

/// Has the node that makes a tensor now keep its gradient with the tensor.
TORCHLITE_COLD inline void retain_gradient(Gradient& g) {
  if (g.retained) g.retained->removed = true;  // on the node that made it before it was changed in place
  g.retained = Ref<RetainHook>(new RetainHook(&g));
  g.node->output(g.slot).hooks.push_back(Ref<Hook>(g.retained.get()));
}

/// Makes the node the maker of a tensor.
TORCHLITE_NOINLINE inline void set_history(TensorImpl& impl, Ref<Node> node, std::uint32_t slot) {
  impl.requires_grad = true;
  Gradient& g = gradient_of(impl);
  g.node = std::move(node);
  g.slot = slot;
  if (g.retained) [[unlikely]]
    retain_gradient(g);
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
