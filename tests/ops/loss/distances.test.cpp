// SPDX-License-Identifier: BSD-3-Clause
// Losses of distances, of distributions and of rankings.
#include "reduction.hpp"

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/loss/cosine_embedding_loss.hpp>
#include <torchlite/ops/loss/gaussian_nll_loss.hpp>
#include <torchlite/ops/loss/hinge_embedding_loss.hpp>
#include <torchlite/ops/loss/margin_ranking_loss.hpp>
#include <torchlite/ops/loss/poisson_nll_loss.hpp>
#include <torchlite/ops/loss/soft_margin_loss.hpp>
#include <torchlite/ops/loss/triplet_margin_loss.hpp>

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("a triplet loss takes any distance", "[ops][loss]") {
  const Real a({2}, {0, 0}), p({2}, {1, 1}), n({2}, {3, 0});
  const auto city_block = [](const Real& x, const Real& y) { return Real(tl::sum(tl::abs(x - y))); };
  CHECK(F::triplet_margin_with_distance_loss(a, p, n, city_block, {.margin = 2}).item() == 2 - 3 + 2);
  CHECK(F::triplet_margin_with_distance_loss(a, p, n, city_block, {.margin = 2, .swap = true}).item() == 2 - 3 + 2);
  CHECK(F::triplet_margin_with_distance_loss(a, p, n, {.margin = 2}).item() == Approx(std::sqrt(2.0) - 3 + 2).margin(1e-5));
  CHECK_THROWS_WITH(F::triplet_margin_loss(a, p, n, {.margin = 0}), ContainsSubstring("margin is 0"));
  CHECK_THROWS_WITH(F::triplet_margin_loss(a, Real({1, 2}, {1, 1}), n), ContainsSubstring("[1, 2]"));
}

TEST_CASE("a Gaussian's variance below eps counts as eps and still has a gradient", "[ops][loss]") {
  const Real x({2}, {1, 1}), y({2}, {1, 3}), var({2}, {1e-9, 4});
  var.requires_grad_();
  const Real loss = F::gaussian_nll_loss(x, y, var, {.eps = 1e-3, .reduction = tl::Reduction::sum});
  CHECK(loss.item() == Approx(0.5 * (std::log(1e-3) + std::log(4.0) + 1)));
  loss.backward();
  CHECK(var.grad().to_vector()[0] == Approx(0.5 / 1e-3));
  CHECK(F::gaussian_nll_loss(x, y, 4.0).item() == Approx(0.5 * (std::log(4.0) + 0.5)));
  CHECK_THROWS_WITH(F::gaussian_nll_loss(x, y, Real({2}, {1, -1})), ContainsSubstring("negative"));
  CHECK_THROWS_WITH(F::gaussian_nll_loss(x, y, Real({3}, {1, 1, 1})), ContainsSubstring("[3]") && ContainsSubstring("[2]"));
}

TEST_CASE("soft_margin_loss of a far wrong score is the score, not infinity", "[ops][loss]") {
  const tl::Tensor<float> x({2}, {-1000, 1000}), y({2}, {1, 1});
  CHECK(F::soft_margin_loss(x, y, {.reduction = tl::Reduction::none}).to_vector() == std::vector<float>{1000, 0});
}

TEST_CASE("poisson_nll_loss adds Stirling's term for counts above 1 only, and counts of 0 have a finite gradient", "[ops][loss]") {
  const Real x({3}, {0.5, 0.5, 0.5}), y({3}, {0, 1, 10});
  y.requires_grad_();
  const Real plain = F::poisson_nll_loss(x, y, {.reduction = tl::Reduction::none});
  const Real full = F::poisson_nll_loss(x, y, {.full = true, .reduction = tl::Reduction::none});
  CHECK(full.to_vector()[1] == plain.to_vector()[1]);
  CHECK(full.to_vector()[2] - plain.to_vector()[2] == Approx(std::lgamma(11.0)).epsilon(1e-3));
  tl::sum(full).backward();
  for (const double g : y.grad().to_vector()) CHECK(std::isfinite(g));
}

TEST_CASE("losses of distances refuse tensors of different ranks", "[ops][loss]") {
  const Real x({2, 2}, {1, 2, 3, 4}), y({2}, {1, -1});
  CHECK_THROWS_WITH(F::margin_ranking_loss(x, x, y), ContainsSubstring("[2, 2]") && ContainsSubstring("[2]"));
  CHECK_THROWS_WITH(F::cosine_embedding_loss(x, y, y), ContainsSubstring("[N, C] and [N]"));
  CHECK_THROWS_AS(F::soft_margin_loss(x, y), tl::ShapeError);
}
