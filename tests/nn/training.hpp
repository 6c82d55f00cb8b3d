// SPDX-License-Identifier: BSD-3-Clause
// The network of tests/golden/make_fashion_training.py and its loop.
#pragma once
#include <support/catch.hpp>
#include <support/golden.hpp>
#include <torchlite/nn/conv2d.hpp>
#include <torchlite/nn/linear.hpp>
#include <torchlite/nn/utils/clip_grad.hpp>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/pointwise/relu.hpp>
#include <torchlite/ops/pool/max_pool.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/optim/optimizer.hpp>

namespace training {

namespace tl = torchlite;
namespace nn = tl::nn;

template <class T, class D = tl::Cpu>
struct Net : nn::Module<Net<T, D>> {
  std::int64_t width, hidden, side;
  nn::Conv2d<T, D> conv1{1, width, 3};
  nn::Conv2d<T, D> conv2{width, 2 * width, 3};
  nn::Linear<T, D> fc1{2 * width * ((side - 4) / 2) * ((side - 4) / 2), hidden};
  nn::Linear<T, D> fc2{hidden, 10};

  auto forward(const tl::Tensor<T, D>& images) {
    tl::Tensor x = tl::relu(conv1(images));
    x = tl::max_pool2d(tl::relu(conv2(x)), 2);
    return fc2(tl::relu(fc1(tl::flatten(x, 1))));
  }
};

/// The initial values that the script computes.
template <class T>
void hash_weights(Net<T>& net) {
  std::uint64_t position = 0;
  std::int64_t fan_in = 0;
  for (const auto& [name, parameter] : net.named_parameters()) {
    if (parameter.dim() > 1) fan_in = parameter.numel() / parameter.size(0);  // a weight comes before its bias
    for (std::int64_t i = 0; i < parameter.numel(); ++i)
      parameter.data()[i] = golden::hashed_weight<T>(position, static_cast<std::uint64_t>(i), fan_in);
    ++position;
  }
}

template <class T>
struct Batch {
  tl::Tensor<T> images;
  tl::Tensor<std::int64_t> labels;
};

/// The loss of each step.
template <class T>
std::vector<double> train(Net<T>& net, const std::vector<Batch<T>>& batches, tl::optim::OptimizerBase& optimizer, double clip = 0) {
  std::vector<double> losses;
  for (const auto& [images, labels] : batches) {
    optimizer.zero_grad();
    auto loss = tl::cross_entropy(net(images), labels);
    loss.backward();
    if (clip > 0) nn::utils::clip_grad_norm_(net.parameters(), clip);
    optimizer.step();
    losses.push_back(static_cast<double>(loss.item()));
  }
  return losses;
}

/// The largest relative distance between two lists of losses.
inline double distance(const std::vector<double>& got, const golden::Json& want) {
  double worst = got.size() == want.size() ? 0 : 1e300;
  for (std::size_t i = 0; i < got.size() && i < want.size(); ++i)
    worst = std::fmax(worst, std::fabs(got[i] - want[i].get<double>()) / want[i].get<double>());
  return worst;
}

}  // namespace training
