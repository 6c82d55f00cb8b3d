// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/linalg/eig.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/random/rand.hpp>

using namespace samples;

namespace {
template <class T>
double residual(const tl::Tensor<T>& a) {
  using C = tl::complex_t<T>;
  const auto r = tl::linalg::eig(a);
  const tl::Tensor<C> left = tl::matmul(tl::Tensor<C>(a), r.eigenvectors), right = r.eigenvectors * tl::unsqueeze(r.eigenvalues, -2);
  const tl::Tensor<tl::real_t<C>> apart = tl::abs(left - right), lengths = tl::sum(tl::square(tl::abs(r.eigenvectors)), -2);
  double worst = 0;
  for (const auto x : apart.to_vector()) worst = std::fmax(worst, static_cast<double>(x));
  for (const auto x : lengths.to_vector()) worst = std::fmax(worst, std::fabs(static_cast<double>(x) - 1));
  return worst;
}
}  // namespace

TEST_CASE("eigenvectors satisfy their equation for every dtype and size") {
  tl::manual_seed(5);
  for (const std::int64_t n : {1, 2, 3, 7, 20, 61}) {
    CAPTURE(n);
    const double size = std::sqrt(static_cast<double>(n));
    CHECK(residual(tl::randn<double>({3, n, n})) < 1e-13 * n * size);
    CHECK(residual(tl::randn<std::complex<double>>({3, n, n})) < 1e-13 * n * size);
    CHECK(residual(tl::randn<float>({n, n})) < 1e-5 * n * size);
    CHECK(residual(tl::randn<std::complex<float>>({n, n})) < 1e-5 * n * size);
  }
}

TEST_CASE("matrices that are hard for the QR algorithm are decomposed, too") {
  // Cyclic shifts have the roots of unity as eigenvalues, and stay as they are without an exceptional shift.
  for (const std::int64_t n : {2, 4, 9}) {
    tl::Tensor<double> shift = tl::zeros<double>({n, n});
    for (std::int64_t i = 0; i < n; ++i) shift.accessor<2>()(i, (i + 1) % n) = 1;
    CHECK(residual(shift) < 1e-13);
    CHECK(residual(tl::Tensor<std::complex<double>>(shift)) < 1e-13);
  }
  CHECK(residual(tl::zeros<double>({4, 4})) == 0);
  CHECK(residual(tl::eye<double>(5)) == 0);
  const tl::Tensor<double> triangle({3, 3}, {1, 2, 3, 0, 4, 5, 0, 0, 6}), skewed({3, 3}, {1, 1e8, 0, 1e-8, 2, 1e6, 0, 1e-6, 3});
  CHECK(residual(triangle) < 1e-14);
  CHECK(residual(skewed) < 1e-6);
  const auto w = tl::linalg::eigvals(tl::Tensor<double>({2, 2}, {0, -2, 2, 0})).to_vector();
  CHECK(std::abs(w[0] - std::complex<double>(0, 2)) < 1e-15);
  CHECK(w[1] == std::conj(w[0]));
}

TEST_CASE("eig refuses what has no eigenvalues") {
  CHECK_THROWS_AS(tl::linalg::eig(tl::ones<double>({3})), tl::ShapeError);
  CHECK_THROWS_AS(tl::linalg::eigvals(tl::ones<double>({3, 2})), tl::ShapeError);
  CHECK_THROWS_AS(tl::linalg::eig(tl::full<double>({2, 2}, std::numeric_limits<double>::quiet_NaN())), tl::Error);
}

TEST_CASE("eigenvalues of complex matrices have gradients of both orders") {
  tl::manual_seed(11);
  const auto a = tl::randn<std::complex<double>>({3, 3}).requires_grad_();
  const auto values = [](const auto& x) { return tl::linalg::eigvals(x); };
  CHECK(tl::gradcheck(values, a));
  CHECK(tl::gradgradcheck(values, a));
  const auto sizes = [](const auto& x) { return tl::Tensor<double>(tl::abs(tl::linalg::eig(x).eigenvectors)); };
  CHECK(tl::gradcheck(sizes, a));
  CHECK(tl::gradgradcheck(sizes, a));
}
