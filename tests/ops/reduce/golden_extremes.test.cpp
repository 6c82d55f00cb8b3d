// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/aminmax.hpp>
#include <torchlite/ops/reduce/argmax.hpp>
#include <torchlite/ops/reduce/argmin.hpp>
#include <torchlite/ops/reduce/max.hpp>
#include <torchlite/ops/reduce/min.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;

TEST_CASE("max and min are PyTorch's, indices included", "[ops][reduce]") {
  replay("max_reduction_no_dim", [](const Call& c) { return tl::max(c.x()); });
  replay("min_reduction_no_dim", [](const Call& c) { return tl::min(c.x()); });
  replay("max_reduction_with_dim", [](const Call& c) {
    const auto [values, indices] = tl::max(c.x(), c.integer(0, "dim"), c.flag(1, "keepdim"));
    return Values{values, indices};
  });
  replay("min_reduction_with_dim", [](const Call& c) {
    const auto [values, indices] = tl::min(c.x(), c.integer(0, "dim"), c.flag(1, "keepdim"));
    return Values{values, indices};
  });
}

TEST_CASE("amax, amin and aminmax are PyTorch's", "[ops][reduce]") {
  replay("amax", [](const Call& c) { return tl::amax(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
  replay("amin", [](const Call& c) { return tl::amin(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
  replay("aminmax", [](const Call& c) {
    const auto [min, max] = tl::aminmax(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim"));
    return Values{min, max};
  });
}

TEST_CASE("argmax and argmin are PyTorch's", "[ops][reduce]") {
  replay("argmax", [](const Call& c) { return tl::argmax(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
  replay("argmin", [](const Call& c) { return tl::argmin(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
}
