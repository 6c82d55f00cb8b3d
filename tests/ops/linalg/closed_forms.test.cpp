// SPDX-License-Identifier: BSD-3-Clause
// What is known in closed form, batches, and what is refused.
#include "matrices.hpp"

#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/det.hpp>
#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/ldl.hpp>
#include <torchlite/ops/linalg/lu_solve.hpp>
#include <torchlite/ops/linalg/matrix_exp.hpp>
#include <torchlite/ops/linalg/qr.hpp>
#include <torchlite/ops/linalg/svd.hpp>

using namespace samples;

TEST_CASE("eigenvalues that are known in closed form", "[ops][linalg]") {
  // 2 on the diagonal, -1 beside it: 2 - 2 cos(k pi / (n + 1)).
  const std::int64_t n = 50;
  Real t = tl::zeros<double>({n, n});
  std::vector<double> want;
  for (std::int64_t i = 0; i < n; ++i) {
    t.data()[i * n + i] = 2;
    if (i > 0) t.data()[i * n + i - 1] = -1;  // the lower triangle is enough
    want.push_back(2 - 2 * std::cos(static_cast<double>(i + 1) * M_PI / static_cast<double>(n + 1)));
  }
  CHECK(golden::difference(tl::linalg::eigvalsh(t).to_vector(), want) < 1e-14);
  CHECK(golden::difference(tl::linalg::eigvalsh(mT(t), "U").to_vector(), want) < 1e-14);
  // Repeated ones: all ones are n once and 0 else.
  const auto e = tl::linalg::eigh(tl::ones<double>({7, 7}));
  CHECK(golden::difference(e.eigenvalues.to_vector(), {0, 0, 0, 0, 0, 0, 7}) < 1e-14);
  CHECK(skew(e.eigenvectors) < 1e-14);
  CHECK(tl::linalg::eigvalsh(tl::eye<float>(3)).to_vector() == std::vector<float>{1, 1, 1});
  CHECK(tl::linalg::eigvalsh(Real(tl::eye<double>(3) * 1e300)).to_vector() == std::vector<double>{1e300, 1e300, 1e300});
}

TEST_CASE("small singular values keep their digits, and zero ones have vectors too", "[ops][linalg]") {
  // Rows of an orthogonal matrix times numbers of very different size.
  const Real q = tl::linalg::qr(numbers({4, 4}, 6)).Q, scale = Real::from({1e12, 1, 1e-12, 1e-30}, {4, 1});
  const auto s = tl::linalg::svdvals(Real(scale * q)).to_vector();
  CHECK(std::abs(s[0] / 1e12 - 1) < 1e-13);
  CHECK(std::abs(s[1] - 1) < 1e-13);
  CHECK(std::abs(s[2] / 1e-12 - 1) < 1e-13);
  CHECK(std::abs(s[3] / 1e-30 - 1) < 1e-13);
  for (const double size : {0.0, 1.0, 1e-300, 1e300}) {
    CAPTURE(size);
    const Real low = tl::matmul(numbers({6, 2}, 7), numbers({2, 4}, 8)) * size;
    for (const Real& a : {low, Real(mT(low))}) {
      const auto f = tl::linalg::svd(a);
      CHECK(skew(f.U) < 1e-14);
      CHECK(skew(mT(f.Vh)) < 1e-14);
      CHECK(apart(product(Real(tl::narrow(f.U, 1, 0, 4)), f.S, Real(tl::narrow(f.Vh, 0, 0, 4))), a) <= 1e-14 * size);
      CHECK(f.S.to_vector()[2] <= 1e-14 * size);
    }
  }
}

TEST_CASE("exponentials that are known in closed form", "[ops][linalg]") {
  for (const double t : {1e-9, 0.3, 2.0, 40.0}) {
    const Real r = tl::matrix_exp(Real({2, 2}, {0, -t, t, 0}));
    CHECK(golden::difference(r.to_vector(), {std::cos(t), -std::sin(t), std::sin(t), std::cos(t)}) < 1e-13);
  }
  // Nilpotent: the series ends.
  CHECK(golden::difference(tl::matrix_exp(Real({3, 3}, {0, 1, 2, 0, 0, 3, 0, 0, 0})).to_vector(), {1, 1, 3.5, 0, 1, 3, 0, 0, 1}) < 1e-14);
  CHECK(std::isnan(tl::matrix_exp(Real({1, 1}, {std::numeric_limits<double>::infinity()})).item()));
  CHECK(tl::matrix_exp(tl::zeros<float>({2, 0, 0})).sizes() == tl::Shape{2, 0, 0});
}

TEST_CASE("each matrix of a batch is factored alone, whatever its strides", "[ops][linalg]") {
  const Real batch = numbers({3, 2, 4, 4}, 9), turned = tl::permute(batch, {1, 0, 3, 2});
  const Real inverse = tl::linalg::inv(turned), values = tl::linalg::svdvals(turned), d = tl::det(turned);
  const auto lu = tl::linalg::lu_factor(turned);
  for (std::int64_t i = 0; i < 2; ++i)
    for (std::int64_t j = 0; j < 3; ++j) {
      const Real one = tl::contiguous(turned[i][j]);
      CHECK(apart(Real(inverse[i][j]), tl::linalg::inv(one)) == 0);
      CHECK(apart(Real(values[i][j]), tl::linalg::svdvals(one)) == 0);
      CHECK(d[i][j].item() == tl::det(one).item());
      CHECK(apart(Real(lu.LU[i][j]), tl::linalg::lu_factor(one).LU) == 0);
    }
  // One matrix for many right sides, and many matrices for one.
  const Real a = numbers({4, 4}, 10), b = numbers({5, 4, 2}, 11), v = numbers({2, 4}, 12);
  CHECK(apart(Real(tl::matmul(a, tl::linalg::solve(a, b))), b) < 1e-12);
  const Real pair = tl::narrow(tl::linalg::inv(turned), 1, 0, 1), w = tl::linalg::solve(Real(tl::squeeze(pair, 1)), v);
  CHECK(w.sizes() == tl::Shape{2, 4});  // a vector for each matrix
  CHECK(tl::linalg::solve(tl::squeeze(pair, 1), numbers({4}, 13)).sizes() == tl::Shape{2, 4});
}

TEST_CASE("determinants are products of eigenvalues, and their logarithms do not overflow", "[ops][linalg]") {
  const Real a = numbers({6, 6}, 14), s = a + mT(a);
  double want = 1;
  for (const double w : tl::linalg::eigvalsh(s).to_vector()) want *= w;
  CHECK(std::abs(tl::det(s).item() - want) < 1e-13 * (1 + std::abs(want)));
  const auto [sign, size] = tl::slogdet(tl::Tensor<float>(tl::eye<float>(100) * -1e10f));
  CHECK(sign.item() == 1);
  CHECK(std::abs(static_cast<double>(size.item()) - 1000 * std::log(10.0)) < 1e-3);
  CHECK(tl::slogdet(Real({2, 2}, {1, 2, 2, 4})).sign.item() == 0);
  CHECK(tl::slogdet(Real({2, 2}, {1, 2, 2, 4})).logabsdet.item() == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(tl::logdet(Real({2, 2}, {0, 1, 1, 0})).item()));
  CHECK(tl::det(tl::Tensor<float>({2, 2}, {0, 1, 1, 0})).item() == -1);
}

TEST_CASE("what cannot be factored is refused with the matrix and the reason", "[ops][linalg]") {
  const Real singular({3, 3}, {1, 2, 3, 2, 4, 6, 1, 0, 1}), rectangle = tl::ones<double>({2, 3});
  const Real batch = tl::stack(std::vector<Real>{tl::eye<double>(3), singular});
  CHECK_THROWS_WITH(tl::linalg::inv(singular),
                    ContainsSubstring("linalg.inv: the matrix is singular: the diagonal element 3 of U is zero"));
  CHECK_THROWS_WITH(tl::linalg::solve(batch, tl::ones<double>({2, 3})),
                    ContainsSubstring("linalg.solve: matrix 1 of the batch is singular"));
  CHECK(tl::linalg::inv_ex(batch).info.to_vector() == std::vector<std::int32_t>{0, 3});
  CHECK(tl::linalg::lu_factor_ex(singular).info.item() == 3);
  CHECK_THROWS_AS(tl::linalg::lu_factor_ex(singular, true, true), tl::Error);
  CHECK_THROWS_WITH(tl::linalg::lu_factor(batch), ContainsSubstring("linalg.lu_factor: matrix 1 of the batch is singular"));
  CHECK_THROWS_WITH(
      tl::linalg::cholesky(Real({2, 2}, {1, 2, 2, 1})),
      ContainsSubstring("linalg.cholesky: the matrix is not positive definite: the leading minor of order 2 is not positive"));
  CHECK(tl::linalg::cholesky_ex(Real({2, 2}, {-1, 0, 0, 1})).info.item() == 1);
  CHECK_THROWS_WITH(tl::linalg::ldl_factor(tl::zeros<double>({2, 2})), ContainsSubstring("diagonal block 1 of D is zero"));
  CHECK_THROWS_WITH(tl::linalg::inv(rectangle),
                    ContainsSubstring("linalg.inv") && ContainsSubstring("[2, 3]") && ContainsSubstring("square"));
  CHECK_THROWS_AS(tl::linalg::svd(tl::ones<double>({3})), tl::ShapeError);
  CHECK_THROWS_WITH(tl::linalg::solve(singular, tl::ones<double>({4, 1})), ContainsSubstring("[3, 3]") && ContainsSubstring("[4, 1]"));
  CHECK_THROWS_WITH(tl::linalg::qr(rectangle, "full"), ContainsSubstring("\"full\""));
  CHECK_THROWS_WITH(tl::linalg::eigh(singular, "X"), ContainsSubstring("\"X\""));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(tl::linalg::svdvals(Real({1, 2}, {1, nan})), ContainsSubstring("infinities or NaNs"));
  CHECK_THROWS_WITH(tl::linalg::eigvalsh(Real({2, 2}, {1, nan, nan, 1})), ContainsSubstring("infinities or NaNs"));
  const auto f = tl::linalg::ldl_factor(Real({2, 2}, {0, 1, 1, 0}));
  CHECK(f.pivots.to_vector() == std::vector<std::int32_t>{-2, -2});
  const auto wrong = tl::Tensor<std::int32_t>::from({1, -2});
  CHECK_THROWS_AS(tl::linalg::ldl_solve(f.LD, wrong, tl::ones<double>({2, 1})), tl::IndexError);
  CHECK_THROWS_AS(tl::linalg::lu_solve(f.LD, tl::Tensor<std::int32_t>::from({1, 3}), tl::ones<double>({2, 1})), tl::IndexError);
}
