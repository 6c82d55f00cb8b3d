// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/nn/functional.hpp>
#include <torchlite/ops/methods.hpp>

namespace tl = torchlite;
namespace F = tl::nn::functional;
using Real = tl::Tensor<double>;

TEST_CASE("nn::functional has the functions of layers", "[nn][functional]") {
  const Real x({2, 2}, {1, -2, 0, 3}), w({1, 2}, {2, 1});
  CHECK(Real(F::relu(x)).to_vector() == std::vector<double>{1, 0, 0, 3});
  CHECK(F::linear(x, w).to_vector() == std::vector<double>{0, 3});
  CHECK(F::pad(x, {1, 0}).sizes() == tl::Shape{2, 3});
  CHECK(std::abs(Real(F::logsigmoid(x)).to_vector()[2] + std::log(2.0)) < 1e-15);
}

TEST_CASE("gumbel_softmax chooses each class as often as softmax says", "[nn][functional]") {
  tl::manual_seed(5);
  const std::int64_t n = 20000;
  const Real logits = tl::expand(tl::log(Real({3}, {0.2, 0.3, 0.5})), {n, 3});
  const std::vector<double> share = F::gumbel_softmax(logits, 1.0, true).mean(0).to_vector();
  // Four standard deviations of a share.
  CHECK(std::abs(share[0] - 0.2) < 4 * std::sqrt(0.2 * 0.8 / n));
  CHECK(std::abs(share[1] - 0.3) < 4 * std::sqrt(0.3 * 0.7 / n));
}

TEST_CASE("gumbel_softmax is one-hot when it is hard, with the gradient of the soft choice", "[nn][functional]") {
  const Real logits = Real({4, 3}, {1, 2, 3, 0, 0, 0, -1, 4, 2, 5, 5, 1}).requires_grad_(), weight({3}, {1, 2, 4});
  tl::manual_seed(7);
  const Real hard = F::gumbel_softmax(logits, 0.7, true);
  for (const double v : hard.sum(-1).to_vector()) CHECK(v == Approx(1));
  for (const double v : hard.to_vector()) CHECK((std::abs(v) < 1e-12 || std::abs(v - 1) < 1e-12));
  tl::sum(hard * weight).backward();
  const std::vector<double> of_hard = logits.grad().to_vector();
  logits.zero_grad();
  tl::manual_seed(7);
  tl::sum(F::gumbel_softmax(logits, 0.7) * weight).backward();
  CHECK(of_hard == logits.grad().to_vector());
  CHECK_THROWS_WITH(F::gumbel_softmax(logits, 0.0), ContainsSubstring("gumbel_softmax: a temperature of 0"));
}
