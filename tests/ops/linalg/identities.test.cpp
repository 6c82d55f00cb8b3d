// SPDX-License-Identifier: BSD-3-Clause
// What factorisations promise, for matrices larger than PyTorch's samples, in float and double.
#include "directions.hpp"

#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/det.hpp>
#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/householder.hpp>
#include <torchlite/ops/linalg/ldl.hpp>
#include <torchlite/ops/linalg/lu_solve.hpp>
#include <torchlite/ops/linalg/matrix_exp.hpp>
#include <torchlite/ops/linalg/svd.hpp>

using namespace samples;

namespace {

template <class T>
tl::Tensor<T> mT(const tl::Tensor<T>& x) {
  return tl::transpose(x, -1, -2);
}
/// How far a matrix with orthonormal columns is from being one.
template <class T>
double skew(const tl::Tensor<T>& q) {
  return apart(tl::Tensor<T>(tl::matmul(mT(q), q)), tl::eye<T>(q.size(-1)));
}
/// a diag(s) b.
template <class T>
tl::Tensor<T> product(const tl::Tensor<T>& a, const tl::Tensor<T>& s, const tl::Tensor<T>& b) {
  return tl::matmul(tl::Tensor<T>(a * tl::unsqueeze(s, -2)), b);
}
template <class T>
bool sorted(const tl::Tensor<T>& x, bool ascending) {
  const std::vector<T> v = x.to_vector();
  return ascending ? std::is_sorted(v.begin(), v.end()) : std::is_sorted(v.rbegin(), v.rend());
}

/// Errors of backward stable algorithms are a small multiple of n, epsilon and the size of the matrix, about sqrt(n) here.
template <class T>
double bound(std::int64_t n) {
  return 20 * static_cast<double>(n + 5) * static_cast<double>(std::numeric_limits<T>::epsilon());
}

template <class T>
void check_square(std::int64_t n) {
  CAPTURE(n, sizeof(T));
  using Y = tl::Tensor<T>;
  const Y noise = numbers<T>({n, n}, 1), a = noise + tl::eye<T>(n) * static_cast<T>(2 * std::sqrt(static_cast<double>(n)));
  const Y b = numbers<T>({n, 3}, 2), symmetric = noise + mT(noise);
  const Y positive = tl::matmul(noise, mT(noise)) * T(1.0 / static_cast<double>(n)) + tl::eye<T>(n);
  const double tolerance = bound<T>(n);

  const Y x = tl::linalg::solve(a, b);
  CHECK(apart(Y(tl::matmul(a, x)), b) < tolerance);
  CHECK(apart(Y(tl::matmul(tl::linalg::solve(a, mT(b), false), a)), Y(mT(b))) < tolerance);
  CHECK(apart(Y(tl::matmul(a, tl::linalg::inv(a))), tl::eye<T>(n)) < tolerance);
  const auto f = tl::linalg::lu(noise);
  CHECK(apart(Y(tl::matmul(f.P, tl::matmul(f.L, f.U))), noise) < tolerance);
  CHECK(tl::backend::largest_magnitude(n * n, tl::Tensor<T>(f.L).data()) <= T(1));  // what pivoting is for
  const auto packed = tl::linalg::lu_factor(a);
  CHECK(apart(Y(tl::matmul(mT(a), tl::linalg::lu_solve(packed.LU, packed.pivots, b, true, true))), b) < tolerance);

  const Y lower = tl::linalg::cholesky(positive), upper = tl::linalg::cholesky(positive, true);
  CHECK(apart(Y(tl::matmul(lower, mT(lower))), positive) < tolerance);
  CHECK(apart(upper, Y(mT(lower))) < tolerance);
  CHECK(apart(Y(tl::matmul(positive, tl::cholesky_solve(b, lower))), b) < tolerance);
  CHECK(apart(Y(tl::matmul(positive, tl::cholesky_inverse(upper, true))), tl::eye<T>(n)) < tolerance);

  const auto e = tl::linalg::eigh(symmetric);
  CHECK(apart(product(e.eigenvectors, e.eigenvalues, mT(e.eigenvectors)), symmetric) < tolerance);
  CHECK(skew(e.eigenvectors) < tolerance);
  CHECK(sorted(e.eigenvalues, true));
  CHECK(apart(tl::linalg::eigvalsh(symmetric, "U"), e.eigenvalues) < tolerance);

  // Indefinite, so that blocks of two appear.
  const Y shifted = symmetric - tl::eye<T>(n) * T(0.001);
  const auto ldl = tl::linalg::ldl_factor(shifted);
  const Y solution = tl::linalg::ldl_solve(ldl.LD, ldl.pivots, b);
  CHECK(apart(Y(tl::matmul(shifted, solution)), b) <
        tolerance * (1 + static_cast<double>(tl::backend::largest_magnitude(n * 3, solution.data()))));

  const Y small = noise * static_cast<T>(1 / std::sqrt(static_cast<double>(n)));
  CHECK(apart(Y(tl::matmul(tl::matrix_exp(small), tl::matrix_exp(Y(tl::neg(small))))), tl::eye<T>(n)) < 10 * tolerance);
}

template <class T>
void check_rectangle(std::int64_t m, std::int64_t n) {
  CAPTURE(m, n, sizeof(T));
  using Y = tl::Tensor<T>;
  const Y a = numbers<T>({m, n}, 3);
  const double tolerance = bound<T>(std::max(m, n));
  for (const char* mode : {"reduced", "complete"}) {
    const auto f = tl::linalg::qr(a, mode);
    CHECK(apart(Y(tl::matmul(f.Q, f.R)), a) < tolerance);
    CHECK(skew(f.Q) < tolerance);
    CHECK(apart(f.R, Y(tl::triu(f.R))) == 0);
  }
  const auto packed = tl::geqrf(a);
  const Y c = numbers<T>({m, 4}, 4), q = tl::linalg::qr(a, "complete").Q;
  CHECK(apart(tl::ormqr(packed.a, packed.tau, c), Y(tl::matmul(q, c))) < tolerance);
  CHECK(apart(tl::ormqr(packed.a, packed.tau, Y(mT(c)), false, true), Y(tl::matmul(mT(c), mT(q)))) < tolerance);
  for (const bool full : {false, true}) {
    const auto f = tl::linalg::svd(a, full);
    const std::int64_t k = std::min(m, n);
    CHECK(f.U.sizes() == tl::Shape{m, full ? m : k});
    CHECK(f.Vh.sizes() == tl::Shape{full ? n : k, n});
    CHECK(apart(product(Y(tl::narrow(f.U, 1, 0, k)), f.S, Y(tl::narrow(f.Vh, 0, 0, k))), a) < tolerance);
    CHECK(skew(f.U) < tolerance);
    CHECK(skew(mT(f.Vh)) < tolerance);
    CHECK(sorted(f.S, false));
    CHECK(apart(tl::linalg::svdvals(a), f.S) < tolerance);
  }
}

}  // namespace

TEST_CASE("square matrices are what their factors multiply to", "[ops][linalg]") {
  for (const std::int64_t n : {1, 2, 3, 47, 64, 200}) {
    check_square<double>(n);
    check_square<float>(n);
  }
}

TEST_CASE("rectangular matrices are what their factors multiply to", "[ops][linalg]") {
  for (const auto& [m, n] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {5, 3}, {3, 5}, {64, 64}, {90, 20}, {20, 90}, {130, 200}}) {
    check_rectangle<double>(m, n);
    check_rectangle<float>(m, n);
  }
}

TEST_CASE("results of large factorisations do not depend on the number of threads", "[ops][linalg]") {
  const Real a = numbers({150, 150}, 5), s = a + mT(a);
  const int threads = tl::get_num_threads();
  const auto run = [&] {
    return std::vector<std::vector<double>>{tl::linalg::svd(a).U.to_vector(), tl::linalg::eigh(s).eigenvectors.to_vector(),
                                            tl::linalg::inv(a).to_vector(), tl::matrix_exp(a).to_vector()};
  };
  tl::set_num_threads(1);
  const auto one = run();
  tl::set_num_threads(3);
  const auto three = run();
  tl::set_num_threads(threads);
  CHECK(one == three);
}

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
