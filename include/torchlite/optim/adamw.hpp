// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/adam.hpp>

namespace torchlite::inline TORCHLITE_ABI::optim {

struct AdamWOptions {
  double lr = 1e-3;
  std::array<double, 2> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 1e-2;
  bool amsgrad = false;
  bool maximize = false;
};

/// Adam with weight decay that acts on the weights alone: p *= 1 - lr * weight_decay before each step.
/// Source: Loshchilov and Hutter, ICLR 2019.
///   optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
template <class T, class D = Cpu>
class AdamW : public AdamBase<AdamW<T, D>, T, D, AdamWOptions> {
  using Base = AdamBase<AdamW, T, D, AdamWOptions>;

 public:
  static constexpr const char* name = "AdamW";
  static constexpr bool decoupled = true;

  explicit AdamW(std::vector<Tensor<T, D>> params, AdamWOptions options = {}) : Base(std::move(params), options) {}
  explicit AdamW(std::vector<ParamGroup<T, D, AdamWOptions>> groups, AdamWOptions defaults = {}) : Base(std::move(groups), defaults) {}
};

}  // namespace torchlite::inline TORCHLITE_ABI::optim
