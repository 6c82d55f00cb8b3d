// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/linalg/eig.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/random/rand.hpp>

using namespace samples;

TEST_CASE("eigenvalues and eigenvectors of general matrices are PyTorch's") {
  // Vectors are recorded as absolute values: their direction is arbitrary.
  replay("linalg_eig", [](const Call& c) {
    const auto r = tl::linalg::eig(c.x());
    return Values{r.eigenvalues, tl::abs(r.eigenvectors)};
  });
  replay("linalg_eigvals", [](const Call& c) { return tl::linalg::eigvals(c.x()); });
}
