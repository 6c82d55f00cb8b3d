// SPDX-License-Identifier: BSD-3-Clause
// Orthogonal polynomials: closed forms, and the derivatives, which PyTorch does not have.
#include <ops/samples.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/special/orthogonal_polynomial.hpp>

using samples::Real;
namespace tl = torchlite;
namespace special = torchlite::special;

TEST_CASE("polynomials of small degree are their closed forms", "[ops][special]") {
  const std::vector<double> points{-1.75, -1, -0.375, 0, 0.5, 1, 2.25};
  const Real x = Real::from(points);
  const auto same = [&](const Real& got, auto form) {
    for (std::size_t i = 0; i < points.size(); ++i) CHECK(got.data()[i] == Approx(form(points[i])).epsilon(1e-13).margin(1e-13));
  };
  same(special::chebyshev_polynomial_t(x, 3), [](double t) { return 4 * t * t * t - 3 * t; });
  same(special::chebyshev_polynomial_u(x, 3), [](double t) { return 8 * t * t * t - 4 * t; });
  same(special::chebyshev_polynomial_v(x, 2), [](double t) { return 4 * t * t - 2 * t - 1; });
  same(special::chebyshev_polynomial_w(x, 2), [](double t) { return 4 * t * t + 2 * t - 1; });
  same(special::shifted_chebyshev_polynomial_t(x, 2), [](double t) { return 8 * t * t - 8 * t + 1; });
  same(special::hermite_polynomial_h(x, 4), [](double t) { return 16 * t * t * t * t - 48 * t * t + 12; });
  same(special::hermite_polynomial_he(x, 3), [](double t) { return t * t * t - 3 * t; });
  same(special::laguerre_polynomial_l(x, 2), [](double t) { return (t * t - 4 * t + 2) / 2; });
  same(special::legendre_polynomial_p(x, 3), [](double t) { return (5 * t * t * t - 3 * t) / 2; });
  same(special::legendre_polynomial_p(x, -1), [](double) { return 0; });
  same(special::hermite_polynomial_h(x, 0.9), [](double) { return 1; });  // degrees are cut to whole numbers
}

TEST_CASE("Chebyshev polynomials of high degree are cosines inside [-1, 1]", "[ops][special]") {
  for (const double t : {-0.9, -0.3, 0.1, 0.77})
    for (const int n : {63, 64, 65, 400}) {
      const double angle = std::acos(t);
      const Real x = Real({}, {t});
      CHECK(Real(special::chebyshev_polynomial_t(x, n)).item() == Approx(std::cos(n * angle)).margin(1e-11));
      CHECK(Real(special::chebyshev_polynomial_u(x, n)).item() == Approx(std::sin((n + 1) * angle) / std::sin(angle)).margin(1e-11));
      CHECK(Real(special::chebyshev_polynomial_v(x, n)).item() == Approx(std::cos((n + 0.5) * angle) / std::cos(angle / 2)).margin(1e-11));
      CHECK(Real(special::chebyshev_polynomial_w(x, n)).item() == Approx(std::sin((n + 0.5) * angle) / std::sin(angle / 2)).margin(1e-11));
    }
}

TEST_CASE("polynomials have gradients of first and second order, at the ends of [-1, 1] too", "[ops][special]") {
  const Real x = Real::from(std::vector<double>{-1, -0.4, 0.3, 1}).requires_grad_();
  const auto check = [&](auto function) {
    const auto f = [&](const Real& a) -> Real { return function(a, Real::from(std::vector<double>{2, 5, 4, 3})); };
    CHECK(tl::gradcheck(f, x));
    CHECK(tl::gradgradcheck(f, x));
  };
  check(special::chebyshev_polynomial_u);
  check(special::shifted_chebyshev_polynomial_w);
  check(special::laguerre_polynomial_l);
  check(special::legendre_polynomial_p);
}
