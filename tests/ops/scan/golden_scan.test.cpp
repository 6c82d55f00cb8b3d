// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/scan/cummax.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/scan/logcumsumexp.hpp>

#include <algorithm>

using namespace samples;

TEST_CASE("cumsum, cumprod and logcumsumexp are PyTorch's", "[ops][scan]") {
  replay("cumsum", [](const Call& c) { return tl::cumsum(c.x(), c.integer(0, "dim")); });
  replay("cumprod", [](const Call& c) { return tl::cumprod(c.x(), c.integer(0, "dim")); });
  replay("logcumsumexp", [](const Call& c) { return tl::logcumsumexp(c.x(), c.integer(0, "dim")); });
}

TEST_CASE("cummax and cummin are PyTorch's, indices included", "[ops][scan]") {
  replay("cummax", [](const Call& c) {
    const auto [values, indices] = tl::cummax(c.x(), c.integer(0, "dim"));
    return Values{values, indices};
  });
  replay("cummin", [](const Call& c) {
    const auto [values, indices] = tl::cummin(c.x(), c.integer(0, "dim"));
    return Values{values, indices};
  });
}
