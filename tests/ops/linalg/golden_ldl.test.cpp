// SPDX-License-Identifier: BSD-3-Clause
// Factors of symmetric matrices and what is solved with them, against PyTorch's numbers.
#include "recorded.hpp"

#include <torchlite/ops/linalg/ldl.hpp>

using namespace samples;

TEST_CASE("LDL factors and solutions are PyTorch's", "[ops][linalg]") {
  replay("linalg_ldl_factor", [](const Call& c) {
    const auto f = tl::linalg::ldl_factor(c.x(), c.flag(0, "hermitian"));
    return Values{f.LD, f.pivots};
  });
  replay("linalg_ldl_factor_ex", [](const Call& c) {
    const auto f = tl::linalg::ldl_factor_ex(c.x(), c.flag(0, "hermitian"));
    return Values{f.LD, f.pivots, f.info};
  });
  replay("linalg_ldl_solve",
         [](const Call& c) { return tl::linalg::ldl_solve(c.x(), pivots(c.array(0, "pivots")), c.in(2), c.flag(2, "hermitian")); });
}
