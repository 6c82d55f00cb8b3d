// SPDX-License-Identifier: BSD-3-Clause
// Losses between scores of classes and the right class, or the right classes.
#include "reduction.hpp"

#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/loss/multi_margin_loss.hpp>
#include <torchlite/ops/loss/multilabel_margin_loss.hpp>
#include <torchlite/ops/loss/multilabel_soft_margin_loss.hpp>
#include <torchlite/ops/loss/nll_loss.hpp>

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("cross_entropy is PyTorch's, for indices and for probabilities", "[ops][loss]") {
  replay("cross_entropy", [](const Call& c) {
    const tl::CrossEntropyOptions<double, Device> options{c.tensor(1, "weight"), c.integer(99, "ignore_index", -100), reduction(c),
                                                          c.number(99, "label_smoothing", 0)};
    if (c.sample.in(1).floating()) return F::cross_entropy(c.x(), c.in(1), options);
    return F::cross_entropy(c.x(), c.indices(1), options);
  });
}

TEST_CASE("nll_loss is PyTorch's", "[ops][loss]") {
  replay("nll_loss", [](const Call& c) {
    return F::nll_loss(c.x(), c.indices(1), {c.tensor(1, "weight"), c.integer(99, "ignore_index", -100), reduction(c)});
  });
}

TEST_CASE("margin losses of classes are PyTorch's", "[ops][loss]") {
  replay("multi_margin_loss", [](const Call& c) {
    return F::multi_margin_loss(c.x(), c.indices(1),
                                {.p = static_cast<int>(c.integer(99, "p", 1)),
                                 .margin = c.number(99, "margin", 1),
                                 .weight = c.tensor(99, "weight"),
                                 .reduction = reduction(c)});
  });
  replay("multilabel_margin_loss", [](const Call& c) { return F::multilabel_margin_loss(c.x(), c.indices(1), {reduction(c)}); });
  replay("multilabel_soft_margin_loss", [](const Call& c) {
    return F::multilabel_soft_margin_loss(c.x(), c.in(1), {.weight = c.tensor(99, "weight"), .reduction = reduction(c)});
  });
}
