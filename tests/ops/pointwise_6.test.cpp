// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include "pointwise_table.hpp"

TEST_CASE("pointwise operations have right values and gradients, part 6 of 12", "[ops][pointwise]") { pointwise_table::check_part<5>(); }
