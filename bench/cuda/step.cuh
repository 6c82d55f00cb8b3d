// SPDX-License-Identifier: BSD-3-Clause
// Whole training steps as cases: launched kernel by kernel, and replayed as a graph.
#pragma once
#include "case.hpp"
#include "support/nets.hpp"

#include <memory>

namespace bench {

/// make() returns a step: forward, backward, optimizer.
inline void add_step(Cases& cases, const std::string& name, double operations, std::function<void()> (*make)()) {
  namespace tl = torchlite;
  for (const bool graph : {false, true})
    cases.push_back({name + (graph ? "/graph" : "/eager"), 0, operations, [=]() -> std::function<void()> {
                       tl::manual_seed(0);
                       tl::set_float32_matmul_precision("high");  // TF32, as the peers are told
                       const auto step = make();
                       if (!graph) return step;
                       const auto recorded = std::make_shared<tl::cuda::Graph>(tl::cuda::capture(step));
                       return [step, recorded] { recorded->replay(); };
                     }});
}

/// The step of a classifier: cross entropy between net(x) as rows and y.
template <class Net, class Optimizer, class X>
std::function<void()> classifier(const std::shared_ptr<Net>& net, const std::shared_ptr<Optimizer>& optimizer, const X& x,
                                 const torchlite::Tensor<std::int64_t, torchlite::Cuda>& y, std::int64_t classes) {
  return [=] {
    optimizer->zero_grad();
    const auto loss = torchlite::nn::functional::cross_entropy((*net)(x).reshape({-1, classes}), y);
    loss.backward();
    optimizer->step();
  };
}

}  // namespace bench
