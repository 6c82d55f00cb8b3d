// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/reduce/renorm.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;

TEST_CASE("norm, renorm and dist are PyTorch's", "[ops][reduce]") {
  for (const char* name : {"norm", "norm_inf"})
    replay(name, [](const Call& c) { return tl::norm(c.x(), c.number(0, "p", 2), c.axes(1, "dim"), c.flag(2, "keepdim")); });
  replay("norm_fro", [](const Call& c) { return tl::norm(c.x(), c.text(0, "p", "fro"), c.axes(1, "dim"), c.flag(2, "keepdim")); });
  replay("renorm", [](const Call& c) { return tl::renorm(c.x(), c.number(0, "p", 2), c.integer(1, "dim"), c.number(2, "maxnorm", 1)); });
  replay("dist", [](const Call& c) { return tl::dist(c.x(), c.in(1), c.number(1, "p", 2)); });
}
