// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/linalg/matrix_exp.hpp>

using namespace samples;

TEST_CASE("exponentials of matrices are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("matrix_exp", [](const Call& c) { return tl::matrix_exp(c.x()); });
}
