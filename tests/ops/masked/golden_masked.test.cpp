// SPDX-License-Identifier: BSD-3-Clause
#include <ops/masked/recorded.hpp>

#include <torchlite/ops/masked/reductions.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;
namespace masked = tl::masked;

namespace {
/// A reduction over dimensions.
template <class F>
void replay_reduction(const std::string& name, F f) {
  replay("masked_" + name, [f](const Call& c) { return f(c.x(), c.axes(9, "dim"), mask_of(c), c.flag(9, "keepdim"), tl::Site{}); });
}
}  // namespace

#define REPLAY_REDUCTION(name) replay_reduction(#name, [](const auto&... a) { return masked::name(a...); })

TEST_CASE("masked sums, products and extremes are PyTorch's", "[ops][masked]") {
  REPLAY_REDUCTION(sum);
  REPLAY_REDUCTION(prod);
  REPLAY_REDUCTION(amax);
  REPLAY_REDUCTION(amin);
  REPLAY_REDUCTION(argmax);
  REPLAY_REDUCTION(argmin);
}

TEST_CASE("masked means, norms and log-sums are PyTorch's", "[ops][masked]") {
  REPLAY_REDUCTION(mean);
  REPLAY_REDUCTION(logsumexp);
  replay("masked_norm",
         [](const Call& c) { return masked::norm(c.x(), c.number(0, "ord", 2), c.axes(1, "dim"), mask_of(c), c.flag(9, "keepdim")); });
  replay("masked_median", [](const Call& c) { return masked::median(c.x(), c.integer(0, "dim", -1), mask_of(c), c.flag(9, "keepdim")); });
}

TEST_CASE("masked variances are PyTorch's", "[ops][masked]") {
  const auto options = [](const Call& c) {
    return tl::VarianceOptions{.correction = c.number(9, "correction", c.number(1, "unbiased", 1)), .keepdim = c.flag(9, "keepdim")};
  };
  replay("masked_var", [&](const Call& c) { return masked::var(c.x(), c.axes(0, "dim"), mask_of(c), options(c)); });
  replay("masked_std", [&](const Call& c) { return masked::std(c.x(), c.axes(0, "dim"), mask_of(c), options(c)); });
}
