// SPDX-License-Identifier: BSD-3-Clause
#include <ops/golden_pointwise.hpp>

TEST_CASE("pointwise operations are PyTorch's on Cuda, part 3 of 3", "[cuda][golden]") {
  pointwise_table::check_part<2, 3>(pointwise_table::check_golden);
}
