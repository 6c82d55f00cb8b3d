// SPDX-License-Identifier: BSD-3-Clause
// Gradients of both orders where PyTorch's samples are empty or of one form only, against differences.
#include "directions.hpp"

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/linalg/cdist.hpp>
#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/cond.hpp>
#include <torchlite/ops/linalg/det.hpp>
#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/householder.hpp>
#include <torchlite/ops/linalg/lstsq.hpp>
#include <torchlite/ops/linalg/lu_solve.hpp>
#include <torchlite/ops/linalg/matrix_exp.hpp>
#include <torchlite/ops/linalg/matrix_norm.hpp>
#include <torchlite/ops/pointwise/square.hpp>

using namespace samples;

namespace {

using Reals = std::vector<Real>;

/// f of a list of tensors, so that gradcheck is compiled for one, two and three tensors only.
struct Function {
  std::function<Reals(const Reals&)> f;
  template <class... X>
  Reals operator()(const X&... x) const {
    return f(Reals{x...});
  }
};
bool check(std::function<Reals(const Reals&)> f, const Reals& x) {
  const Function function{std::move(f)};
  const tl::GradcheckOptions second{.atol = 1e-4};
  for (const Real& t : x) t.requires_grad_();
  if (x.size() == 1) return tl::gradcheck(function, x[0]) && tl::gradgradcheck(function, second, x[0]);
  return tl::gradcheck(function, x[0], x[1]) && tl::gradgradcheck(function, second, x[0], x[1]);
}

Real mT(const Real& x) { return tl::transpose(x, -1, -2); }
/// Far from singular, its singular values well apart.
Real regular(const tl::Shape& sizes, std::uint64_t seed) {
  Real x = numbers(sizes, seed);
  const std::int64_t m = x.size(-2), n = x.size(-1);
  for (std::int64_t at = 0; at < x.numel(); at += m * n)
    for (std::int64_t i = 0; i < m && i < n; ++i) x.data()[at + i * n + i] += static_cast<double>(2 + i);
  return x;
}

}  // namespace

TEST_CASE("gradients of singular value decompositions, tall, wide and square", "[ops][linalg]") {
  for (const tl::Shape& sizes : {tl::Shape{3, 3}, tl::Shape{4, 2}, tl::Shape{2, 4}, tl::Shape{2, 3, 2}})
    for (const bool full : {false, true}) {
      CAPTURE(sizes.str(), full);
      const std::int64_t k = std::min(sizes[sizes.rank() - 2], sizes.back());
      const auto f = [full, k](const Reals& x) {
        const auto d = tl::linalg::svd(x[0], full);
        const Real u = tl::narrow(d.U, -1, 0, k), vh = tl::narrow(d.Vh, -2, 0, k);
        return Reals{tl::abs(u), d.S, tl::abs(vh), tl::matmul(u, vh)};
      };
      CHECK(check(f, {regular(sizes, 1)}));
    }
  CHECK(check([](const Reals& x) { return Reals{tl::linalg::svdvals(x[0])}; }, {regular({2, 3}, 2)}));
  CHECK(check([](const Reals& x) { return Reals{tl::abs(tl::linalg::svd(x[0]).Vh)}; }, {regular({3, 3}, 3)}));
}

TEST_CASE("gradients of eigenvectors and of Cholesky factors of symmetric matrices", "[ops][linalg]") {
  const auto symmetric = [](const Real& x) { return Real(x + mT(x)); };
  for (const char* uplo : {"L", "U"}) {
    CHECK(check(
        [=](const Reals& x) {
          const auto f = tl::linalg::eigh(symmetric(x[0]), uplo);
          return Reals{f.eigenvalues, tl::square(f.eigenvectors)};
        },
        {regular({2, 3, 3}, 4)}));
  }
  for (const bool upper : {false, true})
    CHECK(check([=](const Reals& x) { return Reals{tl::linalg::cholesky(Real(symmetric(x[0]) + tl::eye<double>(3) * 4.0), upper)}; },
                {numbers({3, 3}, 5)}));
}

TEST_CASE("gradients of QR of every shape", "[ops][linalg]") {
  const auto both = [](const char* mode) {
    return [mode](const Reals& x) {
      const auto f = tl::linalg::qr(x[0], mode);
      return Reals{f.Q, f.R};
    };
  };
  CHECK(check(both("reduced"), {regular({4, 2}, 6)}));
  CHECK(check(both("reduced"), {regular({2, 2, 4}, 7)}));
  CHECK(check(both("complete"), {regular({2, 4}, 8)}));
  CHECK(check([](const Reals& x) { return Reals{tl::linalg::qr(x[0]).R}; }, {regular({3, 2}, 9)}));
  CHECK(check([](const Reals& x) { return Reals{tl::linalg::qr(x[0]).Q}; }, {regular({2, 3}, 10)}));
  const Real tall = regular({3, 2}, 11).requires_grad_();
  CHECK_THROWS_WITH(tl::sum(tl::linalg::qr(tall, "complete").Q).backward(), ContainsSubstring("complete") && ContainsSubstring("[3, 2]"));
  CHECK_THROWS_WITH(tl::sum(tl::linalg::qr(tall, "r").R).backward(), ContainsSubstring("computes no Q"));
}

TEST_CASE("gradients of systems with batches that broadcast, from both sides", "[ops][linalg]") {
  CHECK(check([](const Reals& x) { return Reals{tl::linalg::solve(x[0], x[1])}; }, {regular({3, 3}, 12), numbers({2, 3, 2}, 13)}));
  CHECK(check([](const Reals& x) { return Reals{tl::linalg::solve(x[0], x[1], false)}; }, {regular({2, 3, 3}, 14), numbers({2, 3}, 15)}));
  CHECK(check([](const Reals& x) { return Reals{tl::linalg::solve(x[0], x[1])}; }, {regular({2, 3, 3}, 16), numbers({2, 3}, 17)}));
  for (const bool upper : {false, true})
    for (const bool left : {false, true})
      for (const bool unit : {false, true})
        CHECK(check([=](const Reals& x) { return Reals{tl::linalg::solve_triangular(x[0], x[1], upper, left, unit)}; },
                    {regular({2, 2, 2}, 18), numbers(left ? tl::Shape{2, 3} : tl::Shape{3, 2}, 19)}));
  CHECK(check([](const Reals& x) { return Reals{tl::triangular_solve(x[1], x[0], true, true).solution}; },
              {regular({2, 2}, 20), numbers({2, 1}, 21)}));
  CHECK(check([](const Reals& x) { return Reals{tl::cholesky_solve(x[1], Real(tl::tril(x[0])))}; },
              {regular({2, 2}, 22), numbers({3, 2, 1}, 23)}));
}

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
