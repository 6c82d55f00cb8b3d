// SPDX-License-Identifier: BSD-3-Clause
#include <ops/masked/recorded.hpp>

#include <torchlite/ops/masked/normalizations.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;
namespace masked = tl::masked;

TEST_CASE("masked functions that keep the shape are PyTorch's", "[ops][masked]") {
  replay("masked_cumsum", [](const Call& c) { return masked::cumsum(c.x(), c.integer(0, "dim"), mask_of(c)); });
  replay("masked_cumprod", [](const Call& c) { return masked::cumprod(c.x(), c.integer(0, "dim"), mask_of(c)); });
  replay("masked_softmax", [](const Call& c) { return masked::softmax(c.x(), c.integer(0, "dim"), mask_of(c)); });
  replay("masked_log_softmax", [](const Call& c) { return masked::log_softmax(c.x(), c.integer(0, "dim"), mask_of(c)); });
  replay("masked_softmin", [](const Call& c) { return masked::softmin(c.x(), c.integer(0, "dim"), mask_of(c)); });
  replay("masked_normalize", [](const Call& c) {
    return masked::normalize(c.x(), c.number(0, "ord", 2), c.integer(1, "dim"), c.number(9, "eps", 1e-12), mask_of(c));
  });
  replay("masked_logaddexp",
         [](const Call& c) { return masked::logaddexp(c.x(), c.in(1), mask_of(c, "input_mask"), mask_of(c, "other_mask")); });
}
