// SPDX-License-Identifier: BSD-3-Clause
// Losses between scores of classes and the right class, or the right classes.
#include "reduction.hpp"

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/loss/multi_margin_loss.hpp>
#include <torchlite/ops/loss/multilabel_margin_loss.hpp>
#include <torchlite/ops/loss/multilabel_soft_margin_loss.hpp>
#include <torchlite/ops/loss/nll_loss.hpp>

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("multi_margin_loss adds up what other classes come too close", "[ops][loss]") {
  const tl::Tensor<float> x({1, 4}, {0.1f, 0.2f, 0.4f, 0.8f});
  const Index target({1}, {3});
  CHECK(F::multi_margin_loss(x, target).item() == Approx(((1 - (0.8 - 0.1)) + (1 - (0.8 - 0.2)) + (1 - (0.8 - 0.4))) / 4));
  CHECK(F::multi_margin_loss(x, target, {.p = 2}).item() == Approx((0.09 + 0.16 + 0.36) / 4));
  CHECK_THROWS_WITH(F::multi_margin_loss(x, target, {.p = 3}), ContainsSubstring("p is 3"));
  CHECK_THROWS_AS(F::multi_margin_loss(x, Index({1}, {4})), tl::IndexError);
  CHECK_THROWS_WITH(F::multi_margin_loss(x, Index({2}, {0, 1})), ContainsSubstring("[2]") && ContainsSubstring("[1, 4]"));
}

TEST_CASE("multilabel_margin_loss reads a target up to the first -1", "[ops][loss]") {
  const Real x({1, 4}, {0.1, 0.2, 0.4, 0.8});
  const Real both = F::multilabel_margin_loss(x, Index({1, 4}, {3, 0, -1, 1}));
  const double want = (1 - (0.1 - 0.2)) + (1 - (0.1 - 0.4)) + (1 - (0.8 - 0.2)) + (1 - (0.8 - 0.4));
  CHECK(both.item() == Approx(want / 4));
  CHECK(F::multilabel_margin_loss(x, Index({1, 4}, {-1, 0, 1, 2})).item() == 0);
  CHECK_THROWS_WITH(F::multilabel_margin_loss(x, Index({1, 4}, {0, 4, -1, -1})), ContainsSubstring("target 4"));
  CHECK_THROWS_AS(F::multilabel_margin_loss(x, Index({4}, {0, 1, -1, -1})), tl::ShapeError);
  x.requires_grad_();
  CHECK(tl::gradcheck([](const auto& t) { return F::multilabel_margin_loss(t, Index({1, 4}, {3, 0, -1, 1})); }, x));
  const tl::Tensor<tl::half> h({4}, {tl::half(0.5f), tl::half(0.25f), tl::half(0), tl::half(1)});
  CHECK(static_cast<float>(F::multilabel_margin_loss(h, Index({4}, {3, -1, -1, -1})).item()) == Approx((0.5 + 0.25) / 4));
}

TEST_CASE("a loss of no rows is NaN as a mean, 0 as a sum and has no element without a reduction", "[ops][loss]") {
  const Real x = tl::empty<double>({0, 3});
  const Index target = tl::empty<std::int64_t>({0});
  CHECK(std::isnan(F::cross_entropy(x, target).item()));
  CHECK(F::cross_entropy(x, target, {.reduction = tl::Reduction::sum}).item() == 0);
  CHECK(F::nll_loss(x, target, {.reduction = tl::Reduction::none}).numel() == 0);
  CHECK(F::multi_margin_loss(x, target, {.reduction = tl::Reduction::sum}).item() == 0);
}

TEST_CASE("cross_entropy keeps the differences of large logits", "[ops][loss]") {
  // In float, 20000 plus a logarithm rounds to a multiple of 1/512: the loss itself must not go through that sum.
  const auto x = tl::Tensor<float>({1, 3}, {20000.0f, 20001.0f, 19999.0f});
  const double exact = std::log(std::exp(-1.0) + 1 + std::exp(-2.0)) + 1;
  CHECK(std::abs(F::cross_entropy(x, tl::Tensor<std::int64_t>::from({0})).item() - exact) < 1e-6);
}
