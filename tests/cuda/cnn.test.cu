// SPDX-License-Identifier: BSD-3-Clause
// The API's image classifier, templated on the device: two steps of training on both devices.
#include "support/compare.cuh"

#include <torchlite/backend/cuda/axis_map.cuh>
#include <torchlite/backend/cuda/conv.cuh>
#include <torchlite/backend/cuda/loss.cuh>
#include <torchlite/backend/cuda/norm.cuh>
#include <torchlite/backend/cuda/optimizer.cuh>
#include <torchlite/backend/cuda/pool.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/softmax.cuh>
#include <torchlite/nn/activations.hpp>
#include <torchlite/nn/batch_norm.hpp>
#include <torchlite/nn/conv2d.hpp>
#include <torchlite/nn/convert.hpp>
#include <torchlite/nn/dropout.hpp>
#include <torchlite/nn/linear.hpp>
#include <torchlite/nn/utils/clip_grad.hpp>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/pool/max_pool.hpp>
#include <torchlite/optim/adamw.hpp>
#include <torchlite/optim/sgd.hpp>

namespace cuda_tests {
namespace {
template <class D>
struct Net : nn::Module<Net<D>> {
  std::int64_t width = 4;
  nn::Conv2d<float, D> conv1{{.in_channels = 1, .out_channels = width, .kernel_size = 3}};
  nn::BatchNorm2d<float, D> norm{width};
  nn::Conv2d<float, D> conv2{{.in_channels = width, .out_channels = 2 * width, .kernel_size = 3}};
  nn::Dropout dropout{0.25};
  nn::Linear<float, D> fc{2 * width * 4 * 4, 10};

  auto forward(const Tensor<float, D>& images) {
    Tensor<float, D> x = relu(norm(conv1(images)));
    x = max_pool2d(relu(conv2(x)), 2);
    return fc(dropout(torchlite::flatten(x, 1)));
  }
};

/// Losses of some steps of training, the norms of the gradients, and the parameters at the end.
template <class D>
struct Training {
  std::vector<double> losses, norms;
  std::vector<float> weights;

  Training() {
    manual_seed(5);
    Net<D> net;
    optim::AdamW optimizer(net.parameters(), {.lr = 1e-2});
    optim::SGD momentum(net.parameters(), {.lr = 1e-2, .momentum = 0.9});
    const auto images = to_device<D>(numbers<float>({6, 1, 12, 12}, 1));
    const auto labels = to_device<D>(Tensor<std::int64_t, Cpu>({6}, {0, 3, 9, 1, 1, 7}));
    for (int step = 0; step < 4; ++step) {
      net.zero_grad();
      const auto loss = nn::functional::cross_entropy(net(images), labels);
      loss.backward();
      norms.push_back(nn::utils::clip_grad_norm_(net.parameters(), 1.0));
      if (step % 2 == 0) optimizer.step();
      else momentum.step();
      losses.push_back(static_cast<double>(loss.item()));
    }
    for (const auto& p : net.parameters())
      for (const float v : p.to_vector()) weights.push_back(v);
  }
};
}  // namespace

TEST_CASE("a convolutional network trains alike on both devices", "[cuda][nn]") {
  const Training<Cpu> cpu;
  const Training<Cuda> cuda;
  for (std::size_t i = 0; i < cpu.losses.size(); ++i) {
    CHECK(std::abs(cuda.losses[i] - cpu.losses[i]) <= 1e-4);
    CHECK(std::abs(cuda.norms[i] - cpu.norms[i]) <= 1e-4 * cpu.norms[i]);
  }
  REQUIRE(cuda.weights.size() == cpu.weights.size());
  for (std::size_t i = 0; i < cpu.weights.size(); ++i) REQUIRE(std::abs(cuda.weights[i] - cpu.weights[i]) <= 1e-3f);
}

TEST_CASE("convolutions by columns and by the library agree with the Cpu", "[cuda][conv]") {
  for (const std::int64_t groups : {1, 2, 4}) {
    const auto x = numbers<float>({3, 4, 9, 8}, 1), w = numbers<float>({8, 4 / groups, 3, 3}, 2), b = numbers<float>({8}, 3);
    for (const auto& t : {x, w, b}) t.requires_grad_();
    const auto dx = leaf_on_device(x), dw = leaf_on_device(w), db = leaf_on_device(b);
    const Conv2dOptions options{.stride = 2, .padding = 1, .groups = groups};
    const Tensor<float, Cpu> y = conv2d(x, w, b, options);
    const Tensor<float, Cuda> dy = conv2d(dx, dw, db, options);
    CHECK(difference(dy, y) <= 1e-5);
    const auto g = numbers<float>(y.sizes(), 4);
    y.backward(g);
    dy.backward(to_device<Cuda>(g));
    CHECK(difference(dx.grad(), x.grad()) <= 1e-5);
    CHECK(difference(dw.grad(), w.grad()) <= 1e-5);
    CHECK(difference(db.grad(), b.grad()) <= 1e-5);

    backend::Conv2dShape s;  // the other way, whether or not cuDNN is there
    s.batch = 3, s.in_channels = 4, s.in_h = 9, s.in_w = 8, s.out_channels = 8, s.out_h = y.size(2), s.out_w = y.size(3);
    s.kernel_h = s.kernel_w = 3, s.stride_h = s.stride_w = 2, s.pad_h = s.pad_w = 1, s.groups = groups;
    const auto other = empty<float, Cuda>(y.sizes()), other_dx = empty<float, Cuda>(x.sizes()), other_dw = empty<float, Cuda>(w.sizes());
    const auto dg = to_device<Cuda>(g);
    backend::cuda::forward_by_columns<float>(s, dx.data(), dw.data(), db.data(), other.data(), backend::Epilogue::none);
    backend::cuda::backward_input_by_columns<float>(s, dg.data(), dw.data(), other_dx.data());
    backend::cuda::backward_weight_by_columns<float>(s, dg.data(), dx.data(), other_dw.data());
    CHECK(difference(other, y) <= 1e-5);
    CHECK(difference(other_dx, x.grad()) <= 1e-5);
    CHECK(difference(other_dw, w.grad()) <= 1e-5);
  }
}

}  // namespace cuda_tests
