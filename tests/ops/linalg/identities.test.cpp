// SPDX-License-Identifier: BSD-3-Clause
// What factorisations promise, for matrices larger than PyTorch's samples, in float and double.
#include "matrices.hpp"

#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/householder.hpp>
#include <torchlite/ops/linalg/ldl.hpp>
#include <torchlite/ops/linalg/lu_solve.hpp>
#include <torchlite/ops/linalg/matrix_exp.hpp>
#include <torchlite/ops/linalg/solve.hpp>
#include <torchlite/ops/linalg/svd.hpp>

using namespace samples;

namespace {

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
