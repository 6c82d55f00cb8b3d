// SPDX-License-Identifier: BSD-3-Clause
// The backward pass.
#pragma once
#include <torchlite/autograd/anomaly.hpp>
#include <torchlite/autograd/node.hpp>
#include <torchlite/core/profiler.hpp>

#include <algorithm>
#include <string>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// One traversal of a graph, from outputs to leaves.
class Engine {
 public:
  struct Root {
    ImplRef tensor;
    ImplRef gradient;
  };

  Engine(bool retain_graph, bool create_graph) : retain_graph_(retain_graph), create_graph_(create_graph), outer_(current()) {
    heap_.reserve(8);  // small graphs need no more
    leaves_.reserve(16);
  }
  ~Engine() { current() = outer_; }
  Engine(const Engine&) = delete;

  /// Adds gradients of the roots to the leaves.
  void accumulate(std::span<Root> roots) {
    traverse(roots);
    for (const ImplRef& leaf : leaves_) deliver(*leaf);
  }

  /// The gradients of the roots with respect to inputs; undefined where there is no path. Leaves are not touched.
  std::vector<ImplRef> gradients(std::span<Root> roots, std::span<const ImplRef> inputs) {
    captured_.resize(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) targets_.push_back(edge_to(inputs[i]));
    mark_needed(roots);
    traverse(roots);
    return std::move(captured_);
  }

  /// Hands a gradient along edge number i of the node that is running; an empty edge or gradient is no gradient.
  void send(const Edge& edge, ImplRef gradient) {
    if (!edge || !gradient) return;
    if (anomaly_ && running_ != nullptr) [[unlikely]]
      check_not_nan(edge, gradient);
    if (edge.node) {
      Node& node = *edge.node;
      if (pruning_ && !node.needed) return;
      Node::Output& out = node.output(edge.slot);
      out.type->accumulate(out.gradient, gradient, create_graph_);
      if (!node.queued) enqueue(edge.node);
    } else {
      Gradient& leaf = gradient_of(*edge.leaf);
      edge.leaf->type->accumulate(leaf.pending, gradient, create_graph_);
      if (!leaf.queued) {
        leaf.queued = true;
        leaves_.push_back(edge.leaf);
      }
    }
  }

  /// The engine whose node is running on this thread.
  static Engine*& current() {
    static thread_local Engine* engine = nullptr;
    return engine;
  }
  Node* running() const { return running_; }

 private:
  static bool older(const Ref<Node>& a, const Ref<Node>& b) { return a->sequence < b->sequence; }

  void enqueue(const Ref<Node>& node) {
    node->queued = true;
    heap_.push_back(node);
    std::push_heap(heap_.begin(), heap_.end(), older);
  }

  void traverse(std::span<Root> roots) {
    const GradModeGuard mode(create_graph_);
    current() = this;
    try {
      for (Root& root : roots) send(edge_to(root.tensor), std::move(root.gradient));
      while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), older);
        Ref<Node> node = std::move(heap_.back());
        heap_.pop_back();
        run(node);
      }
    } catch (...) {
      abandon();
      throw;
    }
    if (pruning_) {
      for (const Ref<Node>& node : marked_) node->needed = false;
      for (const ImplRef& leaf : leaves_) finish_leaf_capture(*leaf);
    }
  }

  void run(const Ref<Node>& node) {
    node->queued = false;
    running_ = node.get();
    for (std::uint32_t slot = 0; slot < node->output_count(); ++slot) {
      Node::Output& out = node->output(slot);
      if (out.gradient) run_hooks(out.hooks, out.gradient);
    }
    bool beyond = true;
    if (pruning_) beyond = capture(node);
    if (beyond) {
      check<Error>(!node->released,
                   "backward: the graph of {} was freed by an earlier backward(); pass retain_graph = true to the first one to go through "
                   "it again",
                   node->name);
      node_backward(*node);
      if (!retain_graph_) {
        node->released = true;
        node->release();
      }
    }
    for (std::uint32_t slot = 0; slot < node->output_count(); ++slot) node->output(slot).gradient = nullptr;
    running_ = nullptr;
  }

  TORCHLITE_COLD void check_not_nan(const Edge& edge, const ImplRef& gradient) const {
    if (gradient->type->has_nan == nullptr || !gradient->type->has_nan(gradient)) return;
    const std::span<Edge> edges = running_->edges();
    std::size_t i = 0;
    while (i < edges.size() && &edges[i] != &edge) ++i;
    fail<Error>("anomaly: {} gave its input {} a gradient of shape {} that holds NaN", running_->name, i, gradient->sizes.str());
  }

  // An error in a backward function names the line that made the node.
  void node_backward(Node& node) {
    const profiler::RecordFunction range(node.name, profiler::Kind::backward, node.site);
    const auto where = [&](const Error& e) {
      return format_text("{} (in the backward pass of {}, recorded at {}:{})", e.what(), node.name, node.site.file, node.site.line);
    };
    try {
      node.backward(create_graph_);
    } catch (const ShapeError& e) {
      throw ShapeError(where(e));
    } catch (const IndexError& e) {
      throw IndexError(where(e));
    } catch (const Error& e) {
      throw Error(where(e));
    }
  }

  static void run_hooks(const std::vector<Ref<Hook>>& hooks, ImplRef& gradient) {
    for (std::size_t i = 0; i < hooks.size(); ++i) {
      if (hooks[i]->removed) continue;
      if (ImplRef replaced = hooks[i]->call(gradient)) gradient = std::move(replaced);
    }
  }

  void deliver(TensorImpl& leaf) {
    Gradient& g = gradient_of(leaf);
    ImplRef gradient = std::move(g.pending);
    g.queued = false;
    run_hooks(g.hooks, gradient);
    if (g.gradient) {
      leaf.type->accumulate(g.gradient, gradient, create_graph_);
    } else if (!create_graph_ && (gradient->use_count() > 1 || gradient->storage->use_count() > 1 || !gradient->contiguous)) {
      g.gradient = leaf.type->copy(gradient);  // somebody else looks at this memory
    } else {
      g.gradient = std::move(gradient);
    }
  }

  // --- grad(): only what leads to the inputs -------------------------------------------------------------------------
  void mark_needed(std::span<Root> roots) {
    pruning_ = true;
    // Post-order without recursion: a node is needed if an edge leads to a target or to a needed node.
    struct Visit {
      Ref<Node> node;
      std::size_t next = 0;
    };
    std::vector<Visit> stack;
    std::vector<Node*> seen;
    const auto push = [&](const Ref<Node>& node) {
      if (node && !node->queued) {
        node->queued = true;  // borrowed as "seen" until the traversal starts
        seen.push_back(node.get());
        stack.push_back({node, 0});
      }
    };
    for (const Root& root : roots) {  // one to its end before the next: a root may lie behind another one
      push(edge_to(root.tensor).node);
      while (!stack.empty()) {
        Visit& top = stack.back();
        const std::span<Edge> edges = top.node->edges();
        if (top.next < edges.size()) {
          const Edge& e = edges[top.next++];
          push(e.node);
        } else {
          bool needed = is_target(*top.node);
          for (const Edge& e : edges) needed |= (e.node && e.node->needed) || (e.leaf && is_target_leaf(e.leaf));
          if (needed) {
            top.node->needed = true;
            marked_.push_back(top.node);
          }
          stack.pop_back();
        }
      }
    }
    for (Node* node : seen) node->queued = false;
  }
  bool is_target(const Node& node) const {
    return std::any_of(targets_.begin(), targets_.end(), [&](const Edge& t) { return t.node.get() == &node; });
  }
  bool is_target_leaf(const ImplRef& leaf) const {
    return std::any_of(targets_.begin(), targets_.end(), [&](const Edge& t) { return t.leaf == leaf; });
  }
  // Keeps the gradients of targets; true if the traversal has to go on beyond the node.
  bool capture(const Ref<Node>& node) {
    for (std::size_t i = 0; i < targets_.size(); ++i)
      if (targets_[i].node == node) captured_[i] = node->output(targets_[i].slot).gradient;
    for (const Edge& e : node->edges())
      if ((e.node && e.node->needed) || (e.leaf && is_target_leaf(e.leaf))) return true;
    return false;
  }
  void finish_leaf_capture(TensorImpl& leaf) {
    Gradient& g = gradient_of(leaf);
    g.queued = false;
    if (g.pending) run_hooks(g.hooks, g.pending);
    for (std::size_t i = 0; i < targets_.size(); ++i)
      if (targets_[i].leaf.get() == &leaf) captured_[i] = g.pending;
    g.pending = nullptr;
  }

  // Leaves the graph as if the pass had not been tried.
  void abandon() {
    if (running_ != nullptr)
      for (std::uint32_t slot = 0; slot < running_->output_count(); ++slot) running_->output(slot).gradient = nullptr;
    for (const Ref<Node>& node : heap_) {
      node->queued = false;
      for (std::uint32_t slot = 0; slot < node->output_count(); ++slot) node->output(slot).gradient = nullptr;
    }
    for (const Ref<Node>& node : marked_) node->needed = false;
    for (const ImplRef& leaf : leaves_) {
      gradient_of(*leaf).queued = false;
      gradient_of(*leaf).pending = nullptr;
    }
  }

  bool retain_graph_, create_graph_;
  bool pruning_ = false;
  const bool anomaly_ = is_anomaly_enabled();
  Engine* outer_;
  Node* running_ = nullptr;
  std::vector<Ref<Node>> heap_;
  std::vector<ImplRef> leaves_;
  std::vector<Ref<Node>> marked_;
  std::vector<Edge> targets_;
  std::vector<ImplRef> captured_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
