// SPDX-License-Identifier: BSD-3-Clause
// Any function in place, among them those that are no expressions.
#include "check_form.hpp"

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/inplace/rows.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

#include <cmath>

TEST_CASE("any function in place", "[ops][inplace]") {
  check_form([](const Double& t) -> const Double& { return tl::inplace(t, tl::exp); }, [](double x) { return std::exp(x); });
  check_form([](const Double& t) -> const Double& { return tl::inplace(t, tl::pow, 2.0); }, [](double x) { return x * x; });
  check_form([](const Double& t) -> const Double& { return tl::inplace(t, [](const Double& x) { return tl::exp(x) * x + 1.0; }); },
             [](double x) { return std::exp(x) * x + 1; });
  check_form([](const Double& t) -> const Double& { return tl::inplace(t, [](const Double& x) { return Double(x * x); }); },
             [](double x) { return x * x; });
  const Double x = Double::from(start).requires_grad_();
  const Double y = x * 1.0;
  tl::inplace(y, [](const Double& t) { return tl::softmax(t, 0); });
  tl::select(y, 0, 1).backward();
  double total = 0;
  for (const double v : start) total += std::exp(v);
  const double p1 = std::exp(start[1]) / total, p0 = std::exp(start[0]) / total;
  CHECK(x.grad().to_vector()[1] == Approx(p1 * (1 - p1)));
  CHECK(x.grad().to_vector()[0] == Approx(-p0 * p1));
}

TEST_CASE("running sums and products and triangles in place", "[ops][inplace]") {
  const Double x = Double({3}, {2, 3, 5}).requires_grad_();
  const Double sums = x * 1.0, products = x * 1.0;
  tl::cumsum_(sums, 0);
  tl::cumprod_(products, 0);
  CHECK(sums.to_vector() == std::vector<double>{2, 5, 10});
  CHECK(products.to_vector() == std::vector<double>{2, 6, 30});
  (tl::sum(sums) + tl::sum(products)).eval().backward();
  CHECK(x.grad().to_vector() == std::vector<double>{3 + 1 + 3 + 15, 2 + 2 + 10, 1 + 6});
  const tl::Tensor<std::int32_t> k({2, 2}, {1, 2, 3, 4});
  CHECK(tl::cumsum_(k, 1).to_vector() == std::vector<std::int32_t>{1, 3, 3, 7});
  CHECK(tl::tril_(k).to_vector() == std::vector<std::int32_t>{1, 0, 3, 7});
  CHECK(tl::triu_(k).to_vector() == std::vector<std::int32_t>{1, 0, 0, 7});
  CHECK_THROWS_AS(tl::cumsum_(k, 2), tl::IndexError);
}
