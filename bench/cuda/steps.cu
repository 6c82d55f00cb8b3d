// SPDX-License-Identifier: BSD-3-Clause
// Training steps of small and of convolutional networks in float, products and convolutions in TF32.
#include "step.cuh"

namespace {

namespace tl = torchlite;
using tl::Cuda;
using Step = std::function<void()>;

tl::Tensor<std::int64_t, Cuda> labels(std::int64_t n) { return tl::randint<std::int64_t, Cuda>(0, 10, {n}); }

/// 784-256-128-10, batch 64: so small that launches count.
Step mlp() {
  const auto net = std::make_shared<nets::Mlp<float, Cuda>>();
  const auto optimizer =
      std::make_shared<tl::optim::SGD<float, Cuda>>(net->parameters(), tl::optim::SGDOptions{.lr = 0.01, .momentum = 0.9});
  return bench::classifier(net, optimizer, tl::randn<float, Cuda>({64, 784}), labels(64), 10);
}
Step cnn() {
  const auto net = std::make_shared<nets::Cnn<float, Cuda>>();
  const auto optimizer = std::make_shared<tl::optim::AdamW<float, Cuda>>(net->parameters(), tl::optim::AdamWOptions{.lr = 1e-3});
  return bench::classifier(net, optimizer, tl::randn<float, Cuda>({64, 1, 28, 28}), labels(64), 10);
}
Step resnet18() {
  const auto net = std::make_shared<nets::ResNet18<float, Cuda>>();
  const auto optimizer = std::make_shared<tl::optim::SGD<float, Cuda>>(
      net->parameters(), tl::optim::SGDOptions{.lr = 0.1, .momentum = 0.9, .weight_decay = 5e-4});
  return bench::classifier(net, optimizer, tl::randn<float, Cuda>({128, 3, 32, 32}), labels(128), 10);
}

}  // namespace

void bench::step_cases(Cases& cases) {
  add_step(cases, "mlp_step", 0.09e9, mlp);
  add_step(cases, "cnn_step", 4.6e9, cnn);
  add_step(cases, "resnet18_step", 428e9, resnet18);
}
