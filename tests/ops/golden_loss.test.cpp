// SPDX-License-Identifier: BSD-3-Clause
#include "golden_calls.hpp"

#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>
#include <torchlite/ops/loss/binary_cross_entropy.hpp>
#include <torchlite/ops/loss/binary_cross_entropy_with_logits.hpp>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/loss/huber_loss.hpp>
#include <torchlite/ops/loss/kl_div.hpp>
#include <torchlite/ops/loss/l1_loss.hpp>
#include <torchlite/ops/loss/mse_loss.hpp>
#include <torchlite/ops/loss/nll_loss.hpp>
#include <torchlite/ops/loss/smooth_l1_loss.hpp>
#include <torchlite/ops/norm/batch_norm.hpp>
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

using golden::Call;
namespace tl = torchlite;
namespace F = tl::nn::functional;

namespace {
tl::Reduction reduction(const Call& c) {
  const std::string text = c.text(99, "reduction", "mean");
  return text == "none" ? tl::Reduction::none : text == "sum" ? tl::Reduction::sum : tl::Reduction::mean;
}
std::int64_t ignored(const Call& c) { return static_cast<std::int64_t>(c.number(99, "ignore_index", -100)); }
}  // namespace

TEST_CASE("softmax and log_softmax are PyTorch's", "[ops][softmax]") {
  golden::replay("softmax", [](const Call& c) { c.check(F::softmax(c.in(0), c.axes(0, "dim").list()[0])); });
  golden::replay("log_softmax", [](const Call& c) { c.check(F::log_softmax(c.in(0), c.axes(0, "dim").list()[0])); });
}

TEST_CASE("cross_entropy is PyTorch's, for indices and for probabilities", "[ops][loss]") {
  golden::replay("cross_entropy", [](const Call& c) {
    const tl::CrossEntropyOptions<double, tl::Cpu> options{c.tensor(1, "weight"), ignored(c), reduction(c),
                                                           c.number(99, "label_smoothing", 0)};
    if (c.sample().in(1).floating()) c.check(F::cross_entropy(c.in(0), c.in(1), options));
    else c.check(F::cross_entropy(c.in(0), c.indices(1), options));
  });
}

TEST_CASE("nll_loss is PyTorch's", "[ops][loss]") {
  golden::replay("nll_loss", [](const Call& c) {
    c.check(F::nll_loss(c.in(0), c.indices(1), {c.tensor(1, "weight"), ignored(c), reduction(c)}));
  });
}

TEST_CASE("losses of pairs of elements are PyTorch's", "[ops][loss]") {
  golden::replay("mse_loss", [](const Call& c) { c.check(F::mse_loss(c.in(0), c.in(1), {reduction(c)})); });
  golden::replay("l1_loss", [](const Call& c) { c.check(F::l1_loss(c.in(0), c.in(1), {reduction(c)})); });
  golden::replay("smooth_l1_loss", [](const Call& c) {
    c.check(F::smooth_l1_loss(c.in(0), c.in(1), {reduction(c), c.number(99, "beta", 1)}));
  });
  golden::replay("huber_loss", [](const Call& c) { c.check(F::huber_loss(c.in(0), c.in(1), {reduction(c), c.number(99, "delta", 1)})); });
  golden::replay("kl_div", [](const Call& c) {
    if (c.text(99, "reduction", "mean") != "batchmean") c.check(F::kl_div(c.in(0), c.in(1), {reduction(c), c.flag(99, "log_target")}));
  });
  golden::replay("binary_cross_entropy", [](const Call& c) {
    c.check(F::binary_cross_entropy(c.in(0), c.in(1), {c.tensor(1, "weight"), reduction(c)}));
  });
  golden::replay("binary_cross_entropy_with_logits", [](const Call& c) {
    c.check(F::binary_cross_entropy_with_logits(c.in(0), c.in(1), {c.tensor(1, "weight"), reduction(c), c.tensor(99, "pos_weight")}));
  });
}

TEST_CASE("layer_norm is PyTorch's", "[ops][norm]") {
  golden::replay("layer_norm", [](const Call& c) {
    c.check(F::layer_norm(c.in(0), tl::Shape(golden::integers(*c.sample().argument(0, "normalized_shape"))), c.tensor(1, "weight"),
                          c.tensor(2, "bias"), c.number(3, "eps", 1e-5)));
  });
}

TEST_CASE("batch_norm is PyTorch's, in training and in evaluation", "[ops][norm]") {
  golden::replay("batch_norm", [](const Call& c) {
    if (c.in(0).dim() < 2) return;
    // The archive holds the running statistics as they were after all calls; a call without options came before the last change.
    if (!c.has(4, "training")) return;
    c.check(F::batch_norm(c.in(0), c.tensor(0, "running_mean"), c.tensor(1, "running_var"), c.tensor(2, "weight"), c.tensor(3, "bias"),
                          c.flag(4, "training"), c.number(5, "momentum", 0.1), c.number(6, "eps", 1e-5)));
  });
}

TEST_CASE("scaled_dot_product_attention is PyTorch's", "[ops][attention]") {
  golden::replay("scaled_dot_product_attention", [](const Call& c) {
    if (c.number(3, "dropout_p", 0) != 0) return;
    c.check(F::scaled_dot_product_attention(c.in(0), c.in(1), c.in(2), {.is_causal = c.flag(4, "is_causal")}));
  });
}
