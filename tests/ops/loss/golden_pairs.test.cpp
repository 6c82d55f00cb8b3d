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

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("losses of pairs of elements are PyTorch's", "[ops][loss]") {
  replay("mse_loss", [](const Call& c) { return F::mse_loss(c.x(), c.in(1), {reduction(c)}); });
  replay("l1_loss", [](const Call& c) { return F::l1_loss(c.x(), c.in(1), {reduction(c)}); });
  replay("smooth_l1_loss", [](const Call& c) { return F::smooth_l1_loss(c.x(), c.in(1), {reduction(c), c.number(99, "beta", 1)}); });
  replay("huber_loss", [](const Call& c) { return F::huber_loss(c.x(), c.in(1), {reduction(c), c.number(99, "delta", 1)}); });
}

TEST_CASE("losses of probabilities are PyTorch's", "[ops][loss]") {
  replay("kl_div", [](const Call& c) { return F::kl_div(c.x(), c.in(1), {reduction(c), c.flag(99, "log_target")}); });
  replay("binary_cross_entropy", [](const Call& c) {
    return F::binary_cross_entropy(c.x(), c.in(1), {c.tensor(1, "weight"), reduction(c)});
  });
  replay("binary_cross_entropy_with_logits", [](const Call& c) {
    return F::binary_cross_entropy_with_logits(c.x(), c.in(1), {c.tensor(1, "weight"), reduction(c), c.tensor(99, "pos_weight")});
  });
}
