// SPDX-License-Identifier: BSD-3-Clause
// QR, reflections, eigenvalues and singular values against PyTorch's numbers.
#include "directions.hpp"
#include "matrices.hpp"

#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/householder.hpp>
#include <torchlite/ops/linalg/lowrank.hpp>
#include <torchlite/ops/linalg/svd.hpp>
#include <torchlite/ops/pointwise/abs.hpp>

using namespace samples;

TEST_CASE("randomised decompositions find the space of the largest singular values", "[ops][linalg]") {
  const Real left = numbers({60, 5}, 1), right = numbers({5, 40}, 2), a = tl::matmul(left, right), m = numbers({1, 40}, 3);
  const auto f = tl::svd_lowrank(a, 7);
  CHECK(f.U.sizes() == tl::Shape{60, 7});
  CHECK(f.V.sizes() == tl::Shape{40, 7});
  CHECK(apart(Real(tl::matmul(Real(f.U * tl::unsqueeze(f.S, 0)), tl::transpose(f.V, 0, 1))), a) < 1e-12);
  const auto g = tl::svd_lowrank(Real(a + m), 5, 2, m);
  CHECK(apart(tl::narrow(f.S, 0, 0, 5), g.S) < 1e-12);
  // Rows that differ from their mean in one direction only have one component, which is that direction.
  const Real rows = tl::matmul(numbers({30, 1}, 4), numbers({1, 8}, 5)) + numbers({1, 8}, 6);
  const auto p = tl::pca_lowrank(rows);
  CHECK(p.S.sizes() == tl::Shape{6});
  CHECK(p.S.to_vector()[0] > 0.5);
  CHECK(p.S.to_vector()[1] < 1e-12);
  CHECK_THROWS_WITH(tl::svd_lowrank(a, 41), ContainsSubstring("svd_lowrank: q is 41") && ContainsSubstring("[60, 40]"));
}
