// SPDX-License-Identifier: BSD-3-Clause
#include <ops/golden_pointwise.hpp>

TEST_CASE("pointwise operations are PyTorch's on Cuda, part 1 of 2", "[cuda][golden]") {
  pointwise_table::check_part<0, 2>(pointwise_table::check_golden);
}
