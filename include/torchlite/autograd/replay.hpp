// SPDX-License-Identifier: BSD-3-Clause
// Derivatives of higher order for operations that are computed as a whole: they are differentiated as what they are composed of.
#pragma once
#include <torchlite/autograd/backward.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// The gradients of function(inputs) with respect to the inputs, as differentiable tensors; undefined where there is none. For the backward
/// pass of a recorded operation, where create_graph() asks for it.
///   function(inputs) -> its results, in a vector; gradients: one for each result, or undefined
template <class T, class D, class F>
std::vector<Tensor<T, D>> replay(F function, std::vector<Tensor<T, D>> inputs, const std::vector<Tensor<T, D>>& gradients) {
  // An input may have been computed from another one. Only the direct dependence counts here, hence a stand-in for each.
  std::vector<ImplRef> wanted;
  for (Tensor<T, D>& x : inputs) {
    if (!x.defined() || !x.requires_grad()) continue;
    Tensor<T, D> same = alias(x, x.sizes(), x.strides(), x.storage_offset());
    x = record("replay", Site{}, std::move(same), autograd::inputs(x), [](const Pass&, const Tensor<T, D>& g) { return g; });
    wanted.push_back(x.ref());
  }
  const std::vector<Tensor<T, D>> results = function(inputs);
  std::vector<Engine::Root> roots;
  for (std::size_t i = 0; i < results.size(); ++i)
    if (gradients[i].defined() && results[i].requires_grad()) roots.push_back({results[i].ref(), gradients[i].ref()});
  std::vector<ImplRef> found = Engine(true, true).gradients(roots, wanted);
  std::size_t next = 0;
  for (Tensor<T, D>& x : inputs) x = x.defined() && x.requires_grad() ? Tensor<T, D>(std::move(found[next++])) : Tensor<T, D>();
  return inputs;
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
