// SPDX-License-Identifier: BSD-3-Clause
// Gradients of both orders where PyTorch's samples are empty or of one form only: determinants, inverses, norms, distances.
#include "gradients.hpp"

#include <torchlite/ops/linalg/cdist.hpp>
#include <torchlite/ops/linalg/cond.hpp>
#include <torchlite/ops/linalg/det.hpp>
#include <torchlite/ops/linalg/householder.hpp>
#include <torchlite/ops/linalg/lstsq.hpp>
#include <torchlite/ops/linalg/matrix_exp.hpp>
#include <torchlite/ops/linalg/matrix_norm.hpp>

using namespace samples;

TEST_CASE("gradients of determinants to the third order", "[ops][linalg]") {
  // The gradient of the determinant is a polynomial of degree n - 1 also where the matrix has rank n - 1 or n - 2.
  const auto gradient = [](const Reals& x) { return Reals{tl::ops::cofactors(x[0])}; };
  CHECK(check(gradient, {regular({2, 3, 3}, 24)}));
  CHECK(tl::gradcheck(Function{gradient}, Real({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}).requires_grad_()));
  CHECK(tl::gradcheck(Function{gradient}, Real({3, 3}, {1, 2, 3, 2, 4, 6, 3, 6, 9}).requires_grad_()));
  CHECK(check([](const Reals& x) { return Reals{tl::det(x[0])}; }, {tl::zeros<double>({2, 2})}));
  CHECK(check([](const Reals& x) { return Reals{tl::logdet(x[0])}; }, {regular({2, 3, 3}, 25)}));
}

TEST_CASE("gradients of pseudo-inverses and least squares of every shape", "[ops][linalg]") {
  for (const tl::Shape& sizes : {tl::Shape{4, 2}, tl::Shape{2, 4}, tl::Shape{3, 3}})
    CHECK(check([](const Reals& x) { return Reals{tl::linalg::pinv(x[0])}; }, {regular(sizes, 26)}));
  for (const char* driver : {"gels", "gelsd"})
    CHECK(check(
        [driver](const Reals& x) {
          const auto s = tl::linalg::lstsq(x[0], x[1], {}, driver);
          return Reals{s.solution, s.residuals};
        },
        {regular({2, 4, 2}, 27), numbers({2, 4}, 28)}));
}

TEST_CASE("gradients of exponentials, reflections, norms and condition numbers", "[ops][linalg]") {
  CHECK(check([](const Reals& x) { return Reals{tl::matrix_exp(x[0])}; }, {numbers({2, 3, 3}, 29)}));
  CHECK(check([](const Reals& x) { return Reals{tl::linalg::householder_product(x[0], x[1])}; }, {numbers({4, 3}, 30), numbers({2}, 31)}));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const tl::linalg::Order& ord :
       {tl::linalg::Order("nuc"), tl::linalg::Order("fro"), tl::linalg::Order(2), tl::linalg::Order(-2), tl::linalg::Order(1),
        tl::linalg::Order(-1), tl::linalg::Order(infinity), tl::linalg::Order(-infinity)}) {
    CAPTURE(ord.str());
    CHECK(check([&](const Reals& x) { return Reals{tl::linalg::matrix_norm(x[0], ord, {0, -1}, true)}; }, {regular({3, 2, 3}, 32)}));
    CHECK(check([&](const Reals& x) { return Reals{tl::linalg::cond(x[0], ord)}; }, {regular({3, 3}, 33)}));
  }
}

TEST_CASE("distances are what they say, with their gradients, for every p", "[ops][linalg]") {
  for (const double p : {0.5, 1.0, 1.5, 2.0, 3.0, std::numeric_limits<double>::infinity()}) {
    CAPTURE(p);
    const Real a = numbers({2, 3, 4}, 34), b = numbers({5, 4}, 35), d = tl::cdist(a, b, p);
    double worst = 0;
    for (std::int64_t i = 0; i < 6; ++i)
      for (std::int64_t j = 0; j < 5; ++j) {
        double sum = 0;
        for (std::int64_t k = 0; k < 4; ++k) {
          const double apart = std::fabs(a.data()[i * 4 + k] - b.data()[j * 4 + k]);
          sum = std::isinf(p) ? std::fmax(sum, apart) : sum + std::pow(apart, p);
        }
        worst = std::fmax(worst, std::fabs(d.data()[i * 5 + j] - (std::isinf(p) ? sum : std::pow(sum, 1 / p))));
      }
    CHECK(worst < 1e-12);
    CHECK(check([p](const Reals& x) { return Reals{tl::cdist(x[0], x[1], p)}; }, {numbers({2, 2, 3}, 36), numbers({2, 3}, 37)}));
    CHECK(check([p](const Reals& x) { return Reals{tl::pdist(x[0], p)}; }, {numbers({3, 2}, 38)}));
    // Equal rows have the distance 0 and the gradient 0.
    const Real same = tl::ones<double>({2, 3}).requires_grad_();
    tl::sum(tl::pdist(same, p)).backward();
    CHECK(same.grad().to_vector() == std::vector<double>(6, 0));
  }
  CHECK(tl::cdist(tl::ones<float>({1, 3}), tl::Tensor<float>({1, 3}, {1, 0, 2}), 0).item() == 2);
  CHECK_THROWS_WITH(tl::cdist(tl::ones<float>({2, 3}), tl::ones<float>({2, 4})), ContainsSubstring("cdist") && ContainsSubstring("[2, 4]"));
  CHECK_THROWS_WITH(tl::pdist(tl::ones<float>({3})), ContainsSubstring("pdist"));
}
