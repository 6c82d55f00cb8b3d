// SPDX-License-Identifier: BSD-3-Clause
// Losses that compare each element of the input with one of the target.
#include "reduction.hpp"

#include <torchlite/ops/loss/binary_cross_entropy.hpp>
#include <torchlite/ops/loss/binary_cross_entropy_with_logits.hpp>
#include <torchlite/ops/loss/huber_loss.hpp>
#include <torchlite/ops/loss/kl_div.hpp>
#include <torchlite/ops/loss/l1_loss.hpp>
#include <torchlite/ops/loss/mse_loss.hpp>
#include <torchlite/ops/loss/smooth_l1_loss.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("batchmean divides by the number of rows, and only kl_div has it", "[ops][loss]") {
  const Real x({2, 2}, {-1, -2, -3, -4}), y({2, 2}, {0.25, 0.75, 0.5, 0});
  const double sum = 0.25 * (std::log(0.25) + 1) + 0.75 * (std::log(0.75) + 2) + 0.5 * (std::log(0.5) + 3);
  CHECK(F::kl_div(x, y, {.reduction = tl::Reduction::batchmean}).item() == Approx(sum / 2));
  CHECK(F::kl_div(Real({}, {-1.0}), Real({}, {1.0}), {.reduction = tl::Reduction::batchmean}).item() == 1);
  CHECK(std::isnan(F::kl_div(Real({}, {-1.0}), Real({}, {-1.0})).item()));
  CHECK_THROWS_WITH(F::mse_loss(x, y, {.reduction = tl::Reduction::batchmean}), ContainsSubstring("kl_div"));
}

TEST_CASE("a binary cross entropy of certain and wrong probabilities is 100, with a finite gradient", "[ops][loss]") {
  const Real x({2}, {0, 1}), y({2}, {1, 0});
  x.requires_grad_();
  const Real loss = F::binary_cross_entropy(x, y, {.reduction = tl::Reduction::sum});
  CHECK(loss.item() == Approx(200));
  loss.backward();
  for (const double g : x.grad().to_vector()) CHECK(std::fabs(g) == Approx(1e12));
  const tl::Tensor<float> logits({2}, {1000, -1000}), target({2}, {0, 1});
  CHECK(F::binary_cross_entropy_with_logits(logits, target, {.reduction = tl::Reduction::sum}).item() == 2000);
}

TEST_CASE("losses refuse tensors of different sizes and say both", "[ops][loss]") {
  const Real x({2, 3}, {1, 2, 3, 4, 5, 6}), y({3}, {1, 2, 3});
  CHECK_THROWS_WITH(F::mse_loss(x, y), ContainsSubstring("[2, 3]") && ContainsSubstring("[3]"));
  CHECK_THROWS_AS(F::kl_div(x, y), tl::ShapeError);
  CHECK_THROWS_WITH(F::huber_loss(y, y, {.delta = 0}), ContainsSubstring("delta is 0"));
  CHECK_THROWS_WITH(F::smooth_l1_loss(y, y, {.beta = -1}), ContainsSubstring("beta is -1"));
}

TEST_CASE("losses in float and half agree with double, on views, too", "[ops][loss]") {
  const Real x({4}, {0.1, 0.4, 0.6, 0.9}), y({4}, {0.5, 0.25, 1, 0});
  const double want = F::binary_cross_entropy(x, y).item();
  CHECK(F::binary_cross_entropy(tl::Tensor<float>(tl::to<float>(x)), tl::Tensor<float>(tl::to<float>(y))).item() ==
        Approx(want).epsilon(1e-6));
  CHECK(static_cast<float>(
            F::binary_cross_entropy(tl::Tensor<tl::half>(tl::to<tl::half>(x)), tl::Tensor<tl::half>(tl::to<tl::half>(y))).item()) ==
        Approx(want).epsilon(2e-3));
  const Real both({4, 2}, {0.1, 0.5, 0.4, 0.25, 0.6, 1, 0.9, 0});
  const Real a = tl::alias(both, {4}, {2}, 0), b = tl::alias(both, {4}, {2}, 1);
  CHECK(F::binary_cross_entropy(a, b).item() == Approx(want));
  CHECK(std::isnan(F::mse_loss(tl::zeros<float>({0}), tl::zeros<float>({0})).item()));
}
