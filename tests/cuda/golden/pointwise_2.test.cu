// SPDX-License-Identifier: BSD-3-Clause
#include <ops/golden_pointwise.hpp>

TEST_CASE("pointwise operations are PyTorch's on Cuda, part 2 of 2", "[cuda][golden]") {
  pointwise_table::check_part<1, 2>(pointwise_table::check_golden);
}
