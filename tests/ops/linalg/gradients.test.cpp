// SPDX-License-Identifier: BSD-3-Clause
// Gradients of both orders where PyTorch's samples are empty or of one form only: factorisations and systems.
#include "gradients.hpp"

#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/qr.hpp>
#include <torchlite/ops/linalg/solve.hpp>
#include <torchlite/ops/linalg/svd.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/reduce/sum.hpp>

using namespace samples;

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
  CHECK(check([](const Reals& x) { return Reals{tl::linalg::solve(x[0], x[1], false)}; }, {regular({3, 3}, 14), numbers({2, 2, 3}, 15)}));
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
