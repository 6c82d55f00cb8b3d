// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/cuda/axis_map.cuh>
#include <torchlite/backend/cuda/conv.cuh>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/optimizer.cuh>
#include <torchlite/ops/autocast/autocast.hpp>
#include <torchlite/ops/loss/mse_loss.hpp>
#include <torchlite/optim/grad_scaler.hpp>
#include <torchlite/optim/sgd.hpp>

// Not at global scope: the toolkit's headers call sqrt and the like there.
namespace cuda_tests {
using namespace torchlite;
using compare::difference;
using compare::leaf_on_device;
using compare::numbers;

TEST_CASE("products are cast on the device as on the Cpu", "[cuda][amp]") {
  auto x = numbers<float>({32, 20}, 1), w = numbers<float>({10, 20}, 2), b = numbers<float>({10}, 3);
  for (const auto& t : {x, w, b}) t.requires_grad_();
  const auto dx = leaf_on_device(x), dw = leaf_on_device(w), db = leaf_on_device(b);
  const auto image = numbers<float>({2, 3, 8, 8}, 4), kernel = numbers<float>({4, 3, 3, 3}, 5);
  const amp::Autocast<bfloat16> host;
  const amp::Autocast<bfloat16, Cuda> device;
  const Tensor<float, Cpu> y = linear(x, w, b);
  const Tensor<float, Cuda> dy = linear(dx, dw, db);
  CHECK(difference(dy, y) <= 1e-2);
  CHECK(difference(matmul(dx, dw.transpose(0, 1)), matmul(x, w.transpose(0, 1))) <= 1e-2);
  CHECK(difference(conv2d(to_device<Cuda>(image), to_device<Cuda>(kernel)), conv2d(image, kernel)) <= 1e-2);
  sum(y).backward();
  sum(dy).backward();
  CHECK(difference(dx.grad(), x.grad()) <= 1e-2);
  CHECK(difference(dw.grad(), w.grad()) <= 1e-2);
  CHECK(difference(db.grad(), b.grad()) <= 1e-2);
}

TEST_CASE("a step in half precision with a GradScaler runs on the device", "[cuda][amp]") {
  const auto w = to_device<Cuda>(numbers<float>({3, 1}, 1)).requires_grad_();
  const auto x = to_device<Cuda>(numbers<float>({64, 3}, 2)), y = matmul(x, to_device<Cuda>(numbers<float>({3, 1}, 3)));
  optim::SGD optimizer(std::vector{w}, {.lr = 0.1});
  amp::GradScaler scaler;
  float first = 0, last = 0;
  for (int step = 0; step < 60; ++step) {
    optimizer.zero_grad();
    const Tensor<float, Cuda> loss = [&] {
      const amp::Autocast<torchlite::half, Cuda> autocast;
      return Tensor<float, Cuda>(mse_loss(matmul(x, w), y));
    }();
    scaler.scale(loss).backward();
    scaler.step(optimizer);
    scaler.update();
    last = loss.item();
    if (step == 0) first = last;
  }
  CHECK(last < 1e-2f * first);
}

}  // namespace cuda_tests
