// SPDX-License-Identifier: BSD-3-Clause
// Losses of distances, of distributions and of rankings.
#include "reduction.hpp"

#include <torchlite/ops/loss/cosine_embedding_loss.hpp>
#include <torchlite/ops/loss/gaussian_nll_loss.hpp>
#include <torchlite/ops/loss/hinge_embedding_loss.hpp>
#include <torchlite/ops/loss/margin_ranking_loss.hpp>
#include <torchlite/ops/loss/poisson_nll_loss.hpp>
#include <torchlite/ops/loss/soft_margin_loss.hpp>
#include <torchlite/ops/loss/triplet_margin_loss.hpp>

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("negative log-likelihoods of distributions are PyTorch's", "[ops][loss]") {
  replay("gaussian_nll_loss", [](const Call& c) {
    const tl::GaussianNllLossOptions options{c.flag(99, "full"), c.number(99, "eps", 1e-6), reduction(c)};
    if (c.in(2).dim() == 0 && !c.in(2).requires_grad()) return F::gaussian_nll_loss(c.x(), c.in(1), c.in(2).item(), options);
    return F::gaussian_nll_loss(c.x(), c.in(1), c.in(2), options);
  });
  replay("poisson_nll_loss", [](const Call& c) {
    return F::poisson_nll_loss(c.x(), c.in(1),
                               {c.flag(99, "log_input", true), c.flag(99, "full"), c.number(99, "eps", 1e-8), reduction(c)});
  });
}

TEST_CASE("losses with a margin are PyTorch's", "[ops][loss]") {
  replay("hinge_embedding_loss", [](const Call& c) {
    return F::hinge_embedding_loss(c.x(), c.in(1), {c.number(99, "margin", 1), reduction(c)});
  });
  replay("margin_ranking_loss", [](const Call& c) {
    return F::margin_ranking_loss(c.x(), c.in(1), c.in(2), {c.number(99, "margin", 0), reduction(c)});
  });
  replay("soft_margin_loss", [](const Call& c) { return F::soft_margin_loss(c.x(), c.in(1), {reduction(c)}); });
  replay("cosine_embedding_loss", [](const Call& c) {
    return F::cosine_embedding_loss(c.x(), c.in(1), c.in(2), {c.number(99, "margin", 0), reduction(c)});
  });
}

TEST_CASE("triplet losses are PyTorch's", "[ops][loss]") {
  replay("triplet_margin_loss", [](const Call& c) {
    return F::triplet_margin_loss(c.x(), c.in(1), c.in(2),
                                  {.margin = c.number(99, "margin", 1),
                                   .p = c.number(99, "p", 2),
                                   .eps = c.number(99, "eps", 1e-6),
                                   .swap = c.flag(99, "swap"),
                                   .reduction = reduction(c)});
  });
  replay("triplet_margin_with_distance_loss", [](const Call& c) {  // the recorded distance is a PairwiseDistance
    return F::triplet_margin_with_distance_loss(
        c.x(), c.in(1), c.in(2), [](const auto& a, const auto& b) { return F::pairwise_distance(a, b); },
        {.margin = c.number(99, "margin", 1), .swap = c.flag(99, "swap"), .reduction = reduction(c)});
  });
}
