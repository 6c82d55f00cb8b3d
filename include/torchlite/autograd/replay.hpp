// SPDX-License-Identifier: BSD-3-Clause
// Derivatives of higher order for operations that are computed as a whole: they are differentiated as what they are composed of.
#pragma once
#include <torchlite/autograd/backward.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// Stands between an input and what a replay computes from it: the replay's own pass ends here, since the graph beyond belongs to the pass that
/// is running; later passes go through.
class StandIn final : public Node {
 public:
  StandIn(Edge input, const TensorType* type) : Node("replay", Site{}, sizeof(StandIn)), input_(std::move(input)) {
    output_.type = type;
    outputs_ = &output_;
    output_count_ = 1;
  }
  void connect() {
    edges_ = &input_;
    edge_count_ = 1;
  }
  void backward(bool) override { Engine::current()->send(input_, std::move(output_.gradient)); }
  void release() override {}

 private:
  Edge input_;
  Output output_;
};

/// The gradients of function(inputs) with respect to the inputs, as differentiable tensors; undefined where there is none. For the backward
/// pass of a recorded operation, where create_graph() asks for it.
///   function(inputs) -> its results, in a vector; gradients: one for each result, or undefined
template <class T, class D, class F>
std::vector<Tensor<T, D>> replay(F function, std::vector<Tensor<T, D>> inputs, const std::vector<Tensor<T, D>>& gradients) {
  // An input may have been computed from another one, and only the direct dependence counts here: hence a stand-in for each.
  std::vector<ImplRef> wanted;
  std::vector<Ref<StandIn>> stand_ins;
  for (Tensor<T, D>& x : inputs) {
    if (!x.defined() || !x.requires_grad()) continue;
    stand_ins.push_back(make_node<StandIn>(edge_to(x.ref()), &tensor_type<T, D>));
    x = alias(x, x.sizes(), x.strides(), x.storage_offset());
    set_history(x.impl(), Ref<Node>(stand_ins.back().get()), 0);
    wanted.push_back(x.ref());
  }
  const std::vector<Tensor<T, D>> results = function(inputs);
  std::vector<Engine::Root> roots;
  for (std::size_t i = 0; i < results.size(); ++i)
    if (i < gradients.size() && gradients[i].defined() && results[i].requires_grad())
      roots.push_back({results[i].ref(), gradients[i].ref()});
  std::vector<ImplRef> found = Engine(true, true).gradients(roots, wanted);
  for (const auto& node : stand_ins) node->connect();
  std::size_t next = 0;
  for (Tensor<T, D>& x : inputs) x = x.defined() && x.requires_grad() ? Tensor<T, D>(std::move(found[next++])) : Tensor<T, D>();
  return inputs;
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
