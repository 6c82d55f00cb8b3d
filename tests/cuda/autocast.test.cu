// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/cuda/attention.cuh>
#include <torchlite/backend/cuda/axis_map.cuh>
#include <torchlite/backend/cuda/conv.cuh>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/optimizer.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/softmax.cuh>
#include <torchlite/ops/autocast/autocast.hpp>
#include <torchlite/ops/loss/mse_loss.hpp>
#include <torchlite/optim/grad_scaler.hpp>
#include <torchlite/optim/sgd.hpp>

namespace cuda_tests {
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

TEST_CASE("attention of floats is computed in the low dtype, and gives floats and their gradients", "[cuda][amp]") {
  const auto q = numbers<float>({2, 3, 17, 32}, 1), k = numbers<float>({2, 3, 17, 32}, 2), v = numbers<float>({2, 3, 17, 32}, 3);
  for (const auto& t : {q, k, v}) t.requires_grad_();
  const auto dq = leaf_on_device(q), dk = leaf_on_device(k), dv = leaf_on_device(v);
  const Tensor<float, Cpu> y = scaled_dot_product_attention(q, k, v, {.is_causal = true});
  const Tensor<float, Cuda> dy = [&] {
    const amp::Autocast<bfloat16, Cuda> autocast;
    return scaled_dot_product_attention(dq, dk, dv, {.is_causal = true});
  }();
  CHECK(difference(dy, y) <= 2e-2);
  CHECK(difference(dy, y) > 1e-5);  // it was rounded
  sum(square(y)).backward();
  sum(square(dy)).backward();
  CHECK(difference(dq.grad(), q.grad()) <= 5e-2);
  CHECK(difference(dk.grad(), k.grad()) <= 5e-2);
  CHECK(difference(dv.grad(), v.grad()) <= 5e-2);
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
