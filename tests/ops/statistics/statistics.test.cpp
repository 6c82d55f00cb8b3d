// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/statistics/bincount.hpp>
#include <torchlite/ops/statistics/cov.hpp>
#include <torchlite/ops/statistics/histogram.hpp>

using namespace samples;

TEST_CASE("frequencies in cov are repetitions, and other weights weigh the mean", "[ops][statistics]") {
  const Real x({2, 3}, {1, 2, 4, -1, 0.5, 3}), repeated({2, 5}, {1, 2, 2, 4, 4, -1, 0.5, 0.5, 3, 3});
  const Index often({3}, {1, 2, 2});
  CHECK(golden::difference(elements(tl::cov(x, {.fweights = often})), elements(tl::cov(repeated))) < 1e-14);
  // By hand: weights 1/4, 1/4, 1/2 and no correction.
  const Real weights({3}, {0.25, 0.25, 0.5});
  const double m0 = 0.25 * 1 + 0.25 * 2 + 0.5 * 4, m1 = -0.25 + 0.125 + 1.5;
  const double c01 = 0.25 * (1 - m0) * (-1 - m1) + 0.25 * (2 - m0) * (0.5 - m1) + 0.5 * (4 - m0) * (3 - m1);
  CHECK(tl::cov(x, {.correction = 0, .aweights = weights}).to_vector()[1] == Approx(c01).epsilon(1e-13));
  // The same with one more for correction: divided by 1 - sum w^2.
  CHECK(tl::cov(x, {.correction = 1, .aweights = weights}).to_vector()[1] == Approx(c01 / (1 - 0.375)).epsilon(1e-13));
}

TEST_CASE("correlations lie in [-1, 1], and one observation has no covariance", "[ops][statistics]") {
  const Real x({2, 3}, {1, 2, 3, -2, -4, -6});
  CHECK(golden::difference(elements(tl::corrcoef(x)), {1, -1, -1, 1}) < 1e-14);
  CHECK(std::isnan(tl::cov(Real({1}, {2})).item()));
  CHECK_THROWS_WITH(tl::cov(x, {.fweights = Index({3}, {0, 0, 0})}), ContainsSubstring("add up to 0"));
}

TEST_CASE("bincount counts numbers and adds weights", "[ops][statistics]") {
  const tl::Tensor<std::int32_t> x({6}, {3, 1, 3, 0, 3, 1});
  CHECK(tl::bincount(x).to_vector() == std::vector<std::int64_t>{1, 2, 0, 3});
  CHECK(tl::bincount(x, 6).to_vector() == std::vector<std::int64_t>{1, 2, 0, 3, 0, 0});
  const tl::Tensor<float> weights({6}, {0.5f, 1, 2, 4, 8, 16});
  CHECK(tl::bincount(x, weights).to_vector() == std::vector<float>{4, 17, 0, 10.5f});
  const Real of_integers = tl::bincount(x, Index({6}, {1, 2, 3, 4, 5, 6}));
  CHECK(of_integers.to_vector() == std::vector<double>{4, 8, 0, 9});
  CHECK(tl::bincount(tl::empty<std::int64_t>({0}), 2).to_vector() == std::vector<std::int64_t>{0, 0});
  CHECK_THROWS_WITH(tl::bincount(Index({2}, {1, -4})), ContainsSubstring("-4"));
  CHECK_THROWS_AS(tl::bincount(Index({1, 2}, {1, 4})), tl::ShapeError);
  CHECK_THROWS_AS(tl::bincount(x, Real({1}, {1})), tl::ShapeError);
}

TEST_CASE("the last bin of a histogram has both edges, and what lies outside counts nowhere", "[ops][statistics]") {
  const Real x({7}, {0, 0.99, 1, 2, 3, 3.01, std::nan("")});
  CHECK(tl::histogram(x, Real({4}, {0, 1, 2, 3})).hist.to_vector() == std::vector<double>{2, 1, 2});
  CHECK(tl::histc(x, 3, 0, 3).to_vector() == std::vector<double>{2, 1, 2});
  CHECK(tl::histogram(x, 3, {.range = {{0, 3}}}).hist.to_vector() == std::vector<double>{2, 1, 2});
  CHECK_THROWS_WITH(tl::histc(x, 3), ContainsSubstring("not finite"));
  CHECK_THROWS_AS(tl::histogram(x, 0, {.range = {{0, 3}}}), tl::Error);
  CHECK_THROWS_AS(tl::histogram(x, 2, {.range = {{3, 0}}}), tl::Error);
  CHECK(tl::histc(tl::empty<double>({0}), 3).to_vector() == std::vector<double>{0, 0, 0});
}

TEST_CASE("a histogram of many elements does not depend on the number of threads", "[ops][statistics]") {
  tl::Tensor<float> x = tl::empty<float>({200'000}), w = tl::empty<float>({200'000});
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    x.data()[i] = static_cast<float>(golden::uniform(3, static_cast<std::uint64_t>(i)));
    w.data()[i] = static_cast<float>(golden::uniform(4, static_cast<std::uint64_t>(i)));
  }
  const int threads = tl::get_num_threads();
  std::vector<std::vector<float>> results;
  for (const int n : {1, 3}) {
    tl::set_num_threads(n);
    results.push_back(tl::histogram(x, 10, {.range = {{0, 1}}, .weight = w}).hist.to_vector());
  }
  tl::set_num_threads(threads);
  CHECK(results[0] == results[1]);
  std::vector<double> want(10);
  for (std::int64_t i = 0; i < x.numel(); ++i) want[static_cast<std::size_t>(x.data()[i] * 10)] += static_cast<double>(w.data()[i]);
  CHECK(golden::difference(results[0], want) < 1e-4);  // elements within rounding of an edge may fall on either side
}
