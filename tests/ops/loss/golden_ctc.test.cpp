// SPDX-License-Identifier: BSD-3-Clause
#include "reduction.hpp"

#include <torchlite/ops/loss/ctc_loss.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>

using namespace samples;
namespace F = tl::nn::functional;

namespace {
std::vector<std::int64_t> lengths(const Call& c, std::size_t position, const char* name) {
  return c.is_tensor(position, name) ? c.array(position, name).integers : c.list(position, name);
}
}  // namespace

TEST_CASE("ctc_loss is PyTorch's", "[ops][loss]") {
  // PyTorch has no second derivative. Its first one is exact only where log_probs are normalised, as they are here.
  replay("ctc_loss",
         [](const Call& c) {
           return F::ctc_loss(c.x(), c.indices(1), lengths(c, 1, "input_lengths"), lengths(c, 2, "target_lengths"),
                              {.blank = c.integer(3, "blank", 0), .reduction = reduction(c), .zero_infinity = c.flag(99, "zero_infinity")});
         },
         {.order = 1});
}
