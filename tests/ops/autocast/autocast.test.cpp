// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/nn/conv2d.hpp>
#include <torchlite/nn/layer_norm.hpp>
#include <torchlite/nn/linear.hpp>
#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>
#include <torchlite/ops/autocast/autocast.hpp>
#include <torchlite/ops/linalg/addmm.hpp>
#include <torchlite/ops/loss/mse_loss.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/reduce/allclose.hpp>
#include <torchlite/ops/softmax/softmax.hpp>
#include <torchlite/optim/grad_scaler.hpp>
#include <torchlite/optim/sgd.hpp>

#include <cmath>
#include <stdexcept>
#include <thread>

using namespace torchlite;

namespace {
template <class T = bfloat16>
bool is_rounded(const Tensor<float>& t) {
  for (const float v : t.to_vector())
    if (static_cast<float>(static_cast<T>(v)) != v) return false;
  return true;
}
void check_near(const Tensor<float>& got, const std::vector<float>& expected, float step = 1.0f / 128) {
  const std::vector<float> values = got.to_vector();
  REQUIRE(values.size() == expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(std::abs(values[i] - expected[i]) <= step * std::abs(expected[i]));
}
const Tensor<float>& inputs() {
  static const Tensor<float> x({2, 3}, {0.1f, -1.3f, 2.7f, 1.01f, 0.333f, -0.77f});
  return x;
}
}  // namespace

TEST_CASE("products are computed in the other dtype, and gradients arrive in float", "[ops][amp]") {
  // Numbers of PyTorch 2.6's torch.autocast("cpu", dtype=torch.bfloat16), each to the last place of a bfloat16.
  const auto x = inputs().clone().requires_grad_();
  const auto w = Tensor<float>({2, 3}, {0.9f, -0.123f, 0.45f, -1.7f, 0.21f, 3.3f}).requires_grad_();
  const auto b = Tensor<float>({2}, {0.05f, -0.6f}).requires_grad_();
  Tensor<float> loss;
  {
    const amp::Autocast<bfloat16> autocast;
    const Tensor<float> y = linear(x, w, b);
    check_near(y, {1.515625f, 7.875f, 0.5703125f, -4.78125f});
    CHECK(is_rounded(y));
    check_near(matmul(x, w.transpose(0, 1)), {1.4609375f, 8.5f, 0.51953125f, -4.1875f});
    loss = sum(square(y));
  }
  loss.backward();
  check_near(x.grad(), {-24.125f, 2.9375f, 53.25f, 17.25f, -2.140625f, -31.0f});
  check_near(w.grad(), {1.453125f, -3.546875f, 7.3125f, -8.0625f, -23.625f, 50.0f});
  check_near(b.grad(), {4.1875f, 6.1875f});
  CHECK(is_rounded(x.grad()));
  CHECK(is_rounded(w.grad()));

  Tensor<float> image = arange<float>(9).reshape({1, 1, 3, 3}) / 7.0f - 0.5f, kernel = arange<float>(4).reshape({1, 1, 2, 2}) / 3.0f - 0.4f;
  const amp::Autocast<bfloat16> autocast;
  check_near(conv2d(image, kernel), {0.248046875f, 0.3046875f, 0.419921875f, 0.478515625f});
}

TEST_CASE("each kind of product is cast, half as well", "[ops][amp]") {
  manual_seed(1);
  const Tensor<float> a = randn<float>({4, 5}), b = randn<float>({5, 6}), batch = randn<float>({2, 4, 5}), row = randn<float>({6});
  const Tensor<float> signal = randn<float>({1, 2, 9}), image = randn<float>({1, 2, 6, 6}), k1 = randn<float>({2, 2, 3}),
                      k2 = randn<float>({2, 2, 3, 3});
  const auto all = [&] {
    return std::vector<Tensor<float>>{mm(a, b),
                                      matmul(batch, b),
                                      bmm(batch, batch.transpose(1, 2)),
                                      mv(a, b.select(1, 0)),
                                      conv1d(signal, k1),
                                      conv2d(image, k2, {}, {.padding = 1}),
                                      conv_transpose2d(image, k2)};
  };
  const auto exact = all();
  std::vector<Tensor<float>> rounded, halves;
  {
    const amp::Autocast<bfloat16> autocast;
    rounded = all();
  }
  {
    const amp::Autocast<torchlite::half> autocast;
    halves = all();
  }
  const auto distance = [](const Tensor<float>& p, const Tensor<float>& q) { return Tensor<float>(torchlite::abs(p - q)).max().item(); };
  for (std::size_t i = 0; i < exact.size(); ++i) {
    INFO("product " << i);
    CHECK(is_rounded(rounded[i]));
    CHECK(is_rounded<torchlite::half>(halves[i]));
    CHECK(distance(rounded[i], exact[i]) > 0);
    CHECK(distance(rounded[i], exact[i]) < 0.1f);
    CHECK(distance(halves[i], exact[i]) < 0.0125f);
  }
  const amp::Autocast<bfloat16> autocast;
  const Tensor<float> sum_of_both = addmm(row, a, b);
  CHECK(equal(sum_of_both, Tensor<float>(rounded[0] + row)));  // the product is rounded, the sum is not
}

TEST_CASE("what is no product of floats stays as it is", "[ops][amp]") {
  const Tensor<float> x = inputs();
  const Tensor<double> d = to<double>(x);
  nn::LayerNorm<float> norm{3};
  const Tensor<float> soft = softmax(x, 1), normed = norm(x);
  const float loss = mse_loss(x, x * 0.5f).item();
  const Tensor<double> wide = matmul(d, d.transpose(0, 1));
  const amp::Autocast<bfloat16> autocast;
  CHECK(equal(softmax(x, 1), soft));
  CHECK(equal(norm(x), normed));
  CHECK(mse_loss(x, x * 0.5f).item() == loss);
  CHECK(equal(matmul(d, d.transpose(0, 1)), wide));
  CHECK(Tensor<std::int64_t>({1}, {3}).dot(Tensor<std::int64_t>({1}, {5})).item() == 15);
}

TEST_CASE("guards nest, end with their scope and concern their thread only", "[ops][amp]") {
  const Tensor<float> x = inputs(), w = Tensor<float>(x.transpose(0, 1)).clone();
  const auto rounded_now = [&] { return is_rounded(matmul(x, w)); };
  const auto halves_now = [&] { return is_rounded<torchlite::half>(matmul(x, w)); };
  CHECK(!rounded_now());
  try {
    const amp::Autocast<bfloat16> outer;
    CHECK(rounded_now());
    {
      const amp::Autocast<float> off;
      CHECK(!rounded_now());
      CHECK(!halves_now());
      const amp::Autocast<torchlite::half> inner;
      CHECK(halves_now());
      CHECK(!rounded_now());
    }
    CHECK(rounded_now());
    bool elsewhere = true;
    std::thread([&] { elsewhere = rounded_now(); }).join();
    CHECK(!elsewhere);
    CHECK_THROWS_AS(matmul(x, x), ShapeError);
    CHECK(rounded_now());
    throw std::runtime_error("out");
  } catch (const std::runtime_error&) {}
  CHECK(!rounded_now());
}

TEST_CASE("a parameter is rounded once in a scope, until it changes", "[ops][amp]") {
  const Tensor<float> x = inputs();
  const auto w = Tensor<float>({2, 3}, {1, 2, 3, 4, 5, 6}).requires_grad_();
  const amp::Autocast<bfloat16> autocast;
  const auto kernels = [&] {
    const auto before = kernel_count();
    static_cast<void>(linear(x, w));
    return kernel_count() - before;
  };
  const auto first = kernels();
  CHECK(kernels() == first - 1);
  {
    const NoGradGuard no_grad;
    w.mul_(2.0f);
  }
  CHECK(kernels() == first);
  check_near(linear(x, w), {11.2f, 20.2f, -1.268f, 2.17f}, 1.0f / 32);
}

TEST_CASE("in one scope every backward pass reaches the parameter", "[ops][amp]") {
  const Tensor<float> x({1, 2}, {1, 2});
  const auto w = Tensor<float>({1, 2}, {3, 4}).requires_grad_();
  const amp::Autocast<bfloat16> autocast;
  {
    const NoGradGuard no_grad;
    CHECK(linear(x, w).item() == 11);
  }
  for (int pass = 1; pass <= 3; ++pass) {
    linear(x, w).sum().backward();
    CHECK(w.grad().to_vector() == std::vector<float>{1.0f * static_cast<float>(pass), 2.0f * static_cast<float>(pass)});
  }
  const auto used_twice = Tensor<float>({1, 2}, {3, 4}).requires_grad_();
  Tensor<float>(sum(linear(x, used_twice) * linear(x, used_twice))).backward();
  CHECK(used_twice.grad().to_vector() == std::vector<float>{22, 44});
}

TEST_CASE("second derivatives go through the casts", "[ops][amp]") {
  const auto x = Tensor<float>({1, 1}, {3}).requires_grad_();
  const amp::Autocast<bfloat16> autocast;
  const auto [dx] = autograd::grad({Tensor<float>(sum(matmul(x, x)))}, {x}, {.create_graph = true});
  const auto [ddx] = autograd::grad({Tensor<float>(sum(dx))}, {x});
  CHECK(dx.item() == 6);
  CHECK(ddx.item() == 2);
}

TEST_CASE("a network learns in half precision with a GradScaler", "[ops][amp]") {
  manual_seed(2);
  nn::Linear<float> layer{3, 1};
  optim::SGD optimizer(layer.parameters(), {.lr = 0.1});
  amp::GradScaler scaler;
  const Tensor<float> x = randn<float>({64, 3}), target = matmul(x, Tensor<float>({3, 1}, {0.5f, -1.0f, 2.0f}));
  float first = 0, last = 0;
  for (int step = 0; step < 60; ++step) {
    optimizer.zero_grad();
    const Tensor<float> loss = [&] {
      const amp::Autocast<torchlite::half> autocast;
      return Tensor<float>(mse_loss(layer(x), target));
    }();
    scaler.scale(loss).backward();
    scaler.step(optimizer);
    scaler.update();
    last = loss.item();
    if (step == 0) first = last;
  }
  CHECK(last < 1e-3f * first);
  check_near(layer.weight, {0.5f, -1.0f, 2.0f}, 0.02f);
  CHECK(!is_rounded<torchlite::half>(layer.weight));  // the parameters are floats all the time
}
