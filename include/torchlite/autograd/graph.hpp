// SPDX-License-Identifier: BSD-3-Clause
// The recorded graph to look at: nodes by name, what they lead to, and the whole of it as a drawing.
#pragma once
#include <torchlite/autograd/any_tensor.hpp>

#include <map>
#include <string>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// A recorded operation, or, at the end of the graph, a leaf that collects its gradient (PyTorch's AccumulateGrad). What a
/// tensor's grad_fn is in PyTorch. Keeps the graph alive.
class GraphNode {
 public:
  GraphNode() = default;
  explicit GraphNode(const Edge& edge) : edge_(edge) {}

  /// False for a tensor that requires no gradient.
  bool defined() const { return static_cast<bool>(edge_); }
  bool is_leaf() const { return static_cast<bool>(edge_.leaf); }
  std::string_view name() const { return edge_.node ? edge_.node->name : edge_.leaf ? "AccumulateGrad" : ""; }
  /// The line of the program that recorded it; line is 0 where that is not known.
  Site site() const { return edge_.node ? edge_.node->site : Site{}; }
  /// Which result of the operation the tensor was.
  std::uint32_t output_number() const { return edge_.slot; }
  /// The tensor that collects its gradient here; undefined unless is_leaf().
  AnyTensor variable() const { return AnyTensor(edge_.leaf); }
  /// Where the gradients of the operation's inputs go; not defined() for an input that takes none.
  std::vector<GraphNode> next_functions() const {
    std::vector<GraphNode> list;
    if (edge_.node)
      for (const Edge& e : edge_.node->edges()) list.emplace_back(e);
    return list;
  }
  /// The sizes of input i, where the operation remembers them (pointwise operations do); null otherwise.
  const Shape* input_sizes(std::size_t i) const { return edge_.node ? edge_.node->input_sizes(i) : nullptr; }
  /// One for each node, whatever handles there are.
  const void* identity() const { return edge_.node ? static_cast<const void*>(edge_.node.get()) : edge_.leaf.get(); }
  friend bool operator==(const GraphNode& a, const GraphNode& b) { return a.identity() == b.identity(); }

 private:
  Edge edge_;
};

/// The node that a tensor comes from: the operation that made it, or the collecting end that a leaf is.
template <tensor_like X>
GraphNode node_of(const X& x) {
  return GraphNode(edge_to(eval(x).ref()));
}

/// Draws the graph behind a node in Graphviz's language; result describes what the node gave.
TORCHLITE_COLD inline std::string to_dot(const GraphNode& root, const std::string& result) {
  const auto quoted = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out;
  };
  std::string out = "digraph autograd {\n  rankdir = BT;\n  node [fontname = \"monospace\"];\n";
  std::map<const void*, std::size_t> numbers;
  std::vector<GraphNode> nodes;
  const auto number_of = [&](const GraphNode& node) {
    const auto [at, fresh] = numbers.try_emplace(node.identity(), nodes.size());
    if (fresh) nodes.push_back(node);
    return at->second;
  };
  out += format_text("  result [label = \"{}\", shape = ellipse];\n", quoted(result));
  if (root.defined()) out += format_text("  n{} -> result;\n", number_of(root));
  for (std::size_t i = 0; i < nodes.size(); ++i) {  // grows as it goes; no recursion, however deep the graph
    const GraphNode node = nodes[i];
    if (node.is_leaf()) {
      const AnyTensor leaf = node.variable();
      out += format_text("  n{} [label = \"leaf\\n{} {}\", shape = box, style = filled, fillcolor = lightblue];\n", i,
                         to_string(leaf.dtype()), leaf.sizes().str());
      continue;
    }
    const Site site = node.site();
    out += format_text("  n{} [label = \"{}\", shape = box", i, quoted(node.name()));
    if (site.line > 0) out += format_text(", tooltip = \"{}:{}\"", quoted(site.file), site.line);
    out += "];\n";
    const std::vector<GraphNode> next = node.next_functions();
    for (std::size_t k = 0; k < next.size(); ++k) {
      if (!next[k].defined()) continue;
      const std::size_t from = number_of(next[k]);
      const Shape* sizes = node.input_sizes(k);
      out += format_text("  n{} -> n{}{};\n", from, i, sizes != nullptr ? format_text(" [label = \"{}\"]", sizes->str()) : "");
    }
  }
  return out + "}\n";
}

/// The graph that made a tensor, in Graphviz's language: boxes are operations, filled ones leaves with dtype and shape; edges carry
/// the shape of what goes along them where the operation remembers it. Show it with: dot -Tsvg graph.dot
template <tensor_like X>
std::string to_dot(const X& x) {
  const auto& t = eval(x);
  return to_dot(node_of(t), format_text("{} {}", to_string(dtype_v<value_t<X>>), t.sizes().str()));
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
