// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/allclose.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;

namespace {
Mask scalar(bool value) { return tl::full<bool, Device>({}, value); }
}  // namespace

TEST_CASE("isclose, allclose and equal are PyTorch's", "[ops][reduce]") {
  replay("isclose", [](const Call& c) {
    return tl::isclose(c.x(), c.in(1), c.number(1, "rtol", 1e-5), c.number(2, "atol", 1e-8), c.flag(3, "equal_nan"));
  });
  replay("allclose", [](const Call& c) {
    return scalar(tl::allclose(c.x(), c.in(1), c.number(1, "rtol", 1e-5), c.number(2, "atol", 1e-8), c.flag(3, "equal_nan")));
  });
  replay("equal", [](const Call& c) { return scalar(tl::equal(c.x(), c.in(1))); });
}
