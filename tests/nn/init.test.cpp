// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/nn/conv2d.hpp>
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/linear.hpp>
#include <torchlite/nn/utils/clip_grad.hpp>
#include <torchlite/nn/utils/convert_parameters.hpp>
#include <torchlite/ops/methods.hpp>

#include <algorithm>

namespace tl = torchlite;
namespace nn = tl::nn;
namespace init = nn::init;

namespace {
struct Moments {
  double mean = 0, deviation = 0, lowest = 1e300, highest = -1e300;
};
template <class T>
Moments moments(const tl::Tensor<T>& t) {
  Moments m;
  const auto values = t.to_vector();
  for (const T v : values) m.mean += v, m.lowest = std::min<double>(m.lowest, v), m.highest = std::max<double>(m.highest, v);
  m.mean /= static_cast<double>(values.size());
  for (const T v : values) m.deviation += (v - m.mean) * (v - m.mean);
  m.deviation = std::sqrt(m.deviation / static_cast<double>(values.size()));
  return m;
}
}  // namespace

TEST_CASE("layers start uniform in 1 / sqrt(fan in), as PyTorch's do", "[nn][init]") {
  tl::manual_seed(5);
  const nn::Linear<float> linear{400, 100};
  const Moments w = moments(tl::Tensor<float>(linear.weight)), b = moments(tl::Tensor<float>(linear.bias));
  CHECK(w.highest == Approx(0.05).epsilon(0.01));
  CHECK(w.lowest == Approx(-0.05).epsilon(0.01));
  CHECK(w.deviation == Approx(0.05 / std::sqrt(3.0)).epsilon(0.02));
  CHECK(b.highest <= 0.05);
  const nn::Conv2d<float> conv{16, 64, 5};
  CHECK(moments(tl::Tensor<float>(conv.weight)).highest == Approx(1 / std::sqrt(16.0 * 25)).epsilon(0.01));
}

TEST_CASE("xavier, kaiming and truncated normal numbers have the spread that their formulas say", "[nn][init]") {
  tl::manual_seed(6);
  const auto t = tl::empty<double>({300, 200});
  CHECK(moments(init::xavier_uniform_(t)).deviation == Approx(std::sqrt(2.0 / 500)).epsilon(0.02));
  CHECK(moments(init::xavier_normal_(t, 2)).deviation == Approx(2 * std::sqrt(2.0 / 500)).epsilon(0.02));
  CHECK(moments(init::kaiming_normal_(t, 0, init::FanMode::fan_out, init::Nonlinearity::relu)).deviation ==
        Approx(std::sqrt(2.0 / 300)).epsilon(0.02));
  CHECK(moments(init::kaiming_uniform_(t)).deviation == Approx(std::sqrt(2.0 / 200)).epsilon(0.02));
  const Moments cut = moments(init::trunc_normal_(t, 1.0, 0.5, 0.5, 1.5));
  CHECK(cut.lowest >= 0.5);
  CHECK(cut.highest <= 1.5);
  CHECK(cut.deviation == Approx(0.5 * 0.5396).epsilon(0.02));  // of a normal cut at one deviation
  CHECK(moments(init::constant_(t, 3)).mean == 3);
  CHECK_THROWS_AS(init::xavier_uniform_(tl::empty<double>({3})), tl::ShapeError);
}

TEST_CASE("orthogonal rows are orthogonal, or columns where there are fewer", "[nn][init]") {
  for (const auto& sizes : {tl::Shape{4, 9}, tl::Shape{9, 4}}) {
    const auto t = init::orthogonal_(tl::empty<double>(sizes), 2);
    const bool tall = sizes[0] > sizes[1];
    for (std::int64_t i = 0; i < 4; ++i)
      for (std::int64_t j = 0; j < 4; ++j) {
        double dot = 0;
        for (std::int64_t k = 0; k < 9; ++k)
          dot += tall ? t.data()[k * 4 + i] * t.data()[k * 4 + j] : t.data()[i * 9 + k] * t.data()[j * 9 + k];
        CHECK(dot == Approx(i == j ? 4.0 : 0.0).margin(1e-12));
      }
  }
  CHECK(init::eye_(tl::empty<float>({2, 3})).to_vector() == std::vector<float>{1, 0, 0, 0, 1, 0});
}

TEST_CASE("parameters that require a gradient can be initialised", "[nn][init]") {
  nn::Linear<float> linear{2, 2};
  init::ones_(linear.weight);
  init::uniform_(linear.bias, 3, 4);
  CHECK(linear.weight.data()[3] == 1);
  CHECK(linear.bias.data()[0] >= 3);
  CHECK(linear.weight.is_leaf());
}

TEST_CASE("clip_grad_norm_ scales all gradients by one factor and returns the norm they had", "[nn][clip_grad]") {
  const auto a = tl::Tensor<float>({2}, {0, 0}).requires_grad_(), b = tl::Tensor<float>({1}, {0}).requires_grad_(),
             c = tl::Tensor<float>({1}, {0}).requires_grad_();
  a.set_grad(tl::Tensor<float>({2}, {1, 2}));
  b.set_grad(tl::Tensor<float>({1}, {2}));
  CHECK(nn::utils::clip_grad_norm_(std::vector{a, b, c}, 1.5) == Approx(3.0));
  CHECK(a.grad().data()[1] == Approx(1.0).epsilon(1e-5));
  CHECK(b.grad().data()[0] == Approx(1.0).epsilon(1e-5));
  CHECK(nn::utils::clip_grad_norm_(std::vector{a, b}, 100) == Approx(1.5).epsilon(1e-5));
  CHECK(a.grad().data()[1] == Approx(1.0).epsilon(1e-5));
  CHECK(nn::utils::clip_grad_norm_(std::vector{a, b}, 100, {.norm_type = std::numeric_limits<double>::infinity()}) ==
        Approx(1.0).epsilon(1e-5));
  CHECK(nn::utils::clip_grad_norm_(std::vector{a, b}, 100, {.norm_type = 1}) == Approx(2.5).epsilon(1e-5));
  nn::utils::clip_grad_value_(std::vector{a, b}, 0.25);
  CHECK(a.grad().to_vector() == std::vector<float>{0.25f, 0.25f});
  a.set_grad(tl::Tensor<float>({2}, {std::numeric_limits<float>::quiet_NaN(), 1}));
  CHECK_THROWS_WITH(nn::utils::clip_grad_norm_(std::vector{a}, 1, {.error_if_nonfinite = true}), ContainsSubstring("nan"));
}

TEST_CASE("one gradient tensor shared by two parameters is scaled once for each", "[nn][clip_grad]") {
  const auto a = tl::Tensor<float>({1}, {0}).requires_grad_(), b = tl::Tensor<float>({1}, {0}).requires_grad_();
  const auto g = tl::Tensor<float>({1}, {3});
  a.set_grad(g);
  b.set_grad(g);
  nn::utils::clip_grad_value_(std::vector{a, b}, 1);
  CHECK(a.grad().item() == 1);
  CHECK(b.grad().item() == 1);
  CHECK(g.item() == 3);
}

TEST_CASE("parameters go into one vector and back", "[nn][convert_parameters]") {
  nn::Linear<float> from{3, 2}, to{3, 2};
  const auto all = nn::utils::parameters_to_vector(from.parameters());
  CHECK(all.sizes() == tl::Shape{8});
  nn::utils::vector_to_parameters(all, to.parameters());
  CHECK(to.weight.to_vector() == from.weight.to_vector());
  CHECK(to.bias.to_vector() == from.bias.to_vector());
  CHECK_THROWS_AS(nn::utils::vector_to_parameters(tl::empty<float>({7}), to.parameters()), tl::ShapeError);
}
