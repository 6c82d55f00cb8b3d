// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/optim/grad_scaler.hpp>
#include <torchlite/optim/sgd.hpp>

#include <cmath>

using namespace torchlite;

TEST_CASE("a scaled loss gives the step of the loss itself", "[optim][amp]") {
  const auto a = Tensor<float>({2}, {1, -2}).requires_grad_(), b = Tensor<float>({2}, {1, -2}).requires_grad_();
  optim::SGD plain(std::vector{a}, {.lr = 0.5}), scaled(std::vector{b}, {.lr = 0.5});
  amp::GradScaler scaler({.init_scale = 1024});
  sum(square(a)).eval().backward();
  plain.step();
  scaler.scale(Tensor<float>(sum(square(b)))).backward();
  CHECK(b.grad().to_vector() == std::vector<float>{2048, -4096});
  scaler.step(scaled);
  scaler.update();
  CHECK(b.to_vector() == a.to_vector());
  CHECK(b.grad().to_vector() == std::vector<float>{2, -4});
  CHECK(scaler.get_scale() == 1024);
}

TEST_CASE("a step with gradients that are not finite is left out, and the scale falls", "[optim][amp]") {
  for (const float bad : {INFINITY, -INFINITY, NAN}) {
    const auto p = Tensor<float>({2}, {1, 2}).requires_grad_();
    optim::SGD optimizer(std::vector{p}, {.lr = 1});
    amp::GradScaler scaler({.init_scale = 8, .growth_interval = 2});
    Tensor<float>(sum(p * bad)).backward();
    scaler.step(optimizer);
    scaler.update();
    CHECK(p.to_vector() == std::vector<float>{1, 2});
    CHECK(scaler.get_scale() == 4);
    for (const double scale : {4.0, 8.0, 8.0, 16.0}) {
      p.zero_grad();
      scaler.scale(Tensor<float>(sum(p * 0.0f))).backward();
      scaler.step(optimizer);
      scaler.update();
      CHECK(scaler.get_scale() == scale);
    }
  }
}

TEST_CASE("gradients are unscaled once for each step", "[optim][amp]") {
  const auto p = Tensor<float>({1}, {3}).requires_grad_();
  optim::SGD optimizer(std::vector{p}, {.lr = 1});
  amp::GradScaler scaler({.init_scale = 4});
  scaler.scale(Tensor<float>(sum(p * 2.0f))).backward();
  scaler.unscale_(optimizer);
  CHECK(p.grad().item() == 2);
  CHECK_THROWS_AS(scaler.unscale_(optimizer), Error);
  scaler.step(optimizer);
  CHECK(p.item() == 1);
  CHECK_THROWS_AS(scaler.step(optimizer), Error);
  scaler.update();
  CHECK_THROWS_AS(scaler.update(), Error);
}

TEST_CASE("a scaler that is off changes nothing", "[optim][amp]") {
  const auto p = Tensor<float>({1}, {3}).requires_grad_();
  optim::SGD optimizer(std::vector{p}, {.lr = 1});
  amp::GradScaler scaler({.enabled = false});
  scaler.scale(Tensor<float>(sum(p * 2.0f))).backward();
  CHECK(p.grad().item() == 2);
  scaler.step(optimizer);
  CHECK(p.item() == 1);
}
