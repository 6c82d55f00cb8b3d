// SPDX-License-Identifier: BSD-3-Clause
// Factorisations of complex matrices: their gradients against differences, their products against the matrix.
#include <support/catch.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/qr.hpp>
#include <torchlite/ops/linalg/solve.hpp>
#include <torchlite/ops/linalg/solve_triangular.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/shape/matrix_transpose.hpp>

namespace {
namespace tl = torchlite;
using C = std::complex<double>;
using Matrix = tl::Tensor<C>;

template <class F>
void check(F f) {
  tl::manual_seed(3);
  const Matrix a = tl::randn<C>({3, 3}).requires_grad_(), b = tl::randn<C>({3, 2}).requires_grad_();
  try {
    CHECK(tl::gradcheck(f, a, b));
    CHECK(tl::gradgradcheck(f, a, b));
  } catch (const tl::Error& e) {
    FAIL_CHECK(e.what());
  }
}
}  // namespace

TEST_CASE("complex systems are solved, with gradients of both orders") {
  check([](const Matrix& x, const Matrix& y) { return tl::linalg::solve(x, y); });
  check([](const Matrix& x, const Matrix& y) { return tl::matmul(tl::linalg::inv(x), y); });
  check([](const Matrix& x, const Matrix& y) { return tl::linalg::solve_triangular(tl::tril(x), y, false); });
}

TEST_CASE("complex matrices that are Hermitian have Cholesky factors, with gradients of both orders") {
  check([](const Matrix& x, const Matrix& y) { return tl::matmul(tl::linalg::cholesky(tl::matmul(x, tl::mH(x))), y); });
}

TEST_CASE("the factors of complex matrices multiply to the matrix") {
  tl::manual_seed(4);
  const Matrix a = tl::randn<C>({2, 4, 3});
  const auto r = tl::linalg::qr(a);
  const std::vector<C> whole = tl::matmul(r.Q, r.R).to_vector(), unit = tl::matmul(tl::mH(r.Q), r.Q).to_vector(), want = a.to_vector();
  for (std::size_t i = 0; i < want.size(); ++i) CHECK(std::abs(whole[i] - want[i]) < 1e-14);
  for (std::size_t i = 0; i < 9; ++i) CHECK(std::abs(unit[i] - (i % 4 == 0 ? 1.0 : 0.0)) < 1e-14);
}
