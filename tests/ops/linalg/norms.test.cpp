// SPDX-License-Identifier: BSD-3-Clause
// Norms, ranks, pseudo-inverses and least squares: what they are defined by, and wrong calls.
#include "directions.hpp"
#include "matrices.hpp"

#include <torchlite/ops/linalg/cdist.hpp>
#include <torchlite/ops/linalg/cond.hpp>
#include <torchlite/ops/linalg/lstsq.hpp>
#include <torchlite/ops/linalg/matrix_norm.hpp>
#include <torchlite/ops/linalg/pinv.hpp>

using namespace samples;

TEST_CASE("the order of a norm is a number or a name", "[ops][linalg]") {
  const auto a = tl::Tensor<float>({2, 2}, {3, 0, 0, -4});
  CHECK(tl::norm(a, 0).item() == 2);
  CHECK(tl::norm(a, "fro").item() == 5);
  CHECK(std::abs(tl::norm(a, "nuc").item() - 7) < 1e-5f);
  CHECK(tl::linalg::norm(a).item() == 5);
  CHECK(std::abs(tl::linalg::norm(a, 2).item() - 4) < 1e-5f);
  CHECK(tl::linalg::norm(a, 1, 0).to_vector() == std::vector<float>{3, 4});
  CHECK(tl::linalg::norm(a, -std::numeric_limits<double>::infinity(), {0, 1}).item() == 3);
  CHECK(tl::linalg::vector_norm(a, 0, 1, true).to_vector() == std::vector<float>{1, 1});
  CHECK(std::abs(tl::linalg::cond(a).item() - 4.0f / 3) < 1e-5f);
  CHECK(std::isinf(tl::linalg::cond(tl::Tensor<float>({2, 2}, {1, 0, 0, 0})).item()));
  CHECK(std::isinf(tl::linalg::cond(tl::Tensor<float>({2, 2}, {1, 1, 1, 1}), 1).item()));
  CHECK(tl::linalg::matrix_norm(tl::zeros<float>({3, 0, 2})).to_vector() == std::vector<float>{0, 0, 0});
  CHECK_THROWS_WITH(tl::linalg::norm(a, "two"), ContainsSubstring("\"two\""));
  CHECK_THROWS_WITH(tl::linalg::matrix_norm(a, 3), ContainsSubstring("order is 3"));
  CHECK_THROWS_AS(tl::linalg::norm(tl::zeros<float>({2, 2, 2}), 2), tl::ShapeError);
  CHECK_THROWS_AS(tl::linalg::vector_norm(tl::zeros<float>({0}), -1), tl::IndexError);
}

TEST_CASE("ranks count what lies above the tolerance", "[ops][linalg]") {
  const Real a({3, 3}, {1, 0, 0, 0, 1e-3, 0, 0, 0, 1e-20});
  CHECK(tl::linalg::matrix_rank(a).item() == 2);
  CHECK(tl::linalg::matrix_rank(a, 1e-2).item() == 1);
  CHECK(tl::linalg::matrix_rank(a, {.rtol = 0.0}).item() == 3);
  CHECK(tl::linalg::matrix_rank(a, {.atol = 0.5, .hermitian = true}).item() == 1);
  CHECK(tl::linalg::pinv(a, {.atol = 1e-2}).to_vector() == std::vector<double>{1, 0, 0, 0, 0, 0, 0, 0, 0});
  // What the pseudo-inverse is defined by.
  const Real b = tl::matmul(numbers({5, 2}, 1), numbers({2, 4}, 2)), p = tl::linalg::pinv(b);
  CHECK(apart(Real(tl::matmul(b, tl::matmul(p, b))), b) < 1e-13);
  CHECK(apart(Real(tl::matmul(p, tl::matmul(b, p))), p) < 1e-13);
  const Real left = tl::matmul(b, p), right = tl::matmul(p, b);
  CHECK(apart(left, Real(mT(left))) < 1e-13);
  CHECK(apart(right, Real(mT(right))) < 1e-13);
  // Least squares of a rank that is too low: the shortest solution, as the pseudo-inverse gives it, in float too.
  const Real y = numbers({5, 2}, 3);
  const auto s = tl::linalg::lstsq(b, y);
  CHECK(apart(s.solution, Real(tl::matmul(p, y))) < 1e-13);
  CHECK(s.rank.item() == 2);
  CHECK(s.residuals.numel() == 0);
  const auto f = tl::linalg::lstsq(tl::Tensor<float>({3, 1}, {1, 1, 1}), tl::Tensor<float>({3}, {1, 2, 6}), {}, "gels");
  CHECK(std::abs(f.solution.item() - 3) < 1e-5f);
  CHECK(std::abs(f.residuals.item() - 14) < 1e-4f);
}
