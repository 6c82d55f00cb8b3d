// SPDX-License-Identifier: BSD-3-Clause
// Samplers against the distributions that they are named after: Kolmogorov and Smirnov's distance to closed forms, moments, and
// chi-square for whole numbers. Seeds are fixed, so the bounds (p below 0.001) either hold or do not.
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/random/bernoulli.hpp>
#include <torchlite/ops/random/binomial.hpp>
#include <torchlite/ops/random/cauchy.hpp>
#include <torchlite/ops/random/exponential.hpp>
#include <torchlite/ops/random/geometric.hpp>
#include <torchlite/ops/random/log_normal.hpp>
#include <torchlite/ops/random/multinomial.hpp>
#include <torchlite/ops/random/normal.hpp>
#include <torchlite/ops/random/poisson.hpp>
#include <torchlite/ops/random/randint.hpp>
#include <torchlite/ops/random/standard_gamma.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

namespace {
constexpr std::int64_t count = 20000;
constexpr double pi = 3.14159265358979324;

/// sqrt(n) times the largest distance between the sample's distribution function and the given one; above 1.95 once in 1000.
template <class T>
double distance(const tl::Tensor<T>& sample, const std::function<double(double)>& distribution) {
  std::vector<double> x;
  for (const T v : sample.to_vector()) x.push_back(static_cast<double>(v));
  std::sort(x.begin(), x.end());
  const double n = static_cast<double>(x.size());
  double most = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double f = distribution(x[i]);
    most = std::max({most, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return std::sqrt(n) * most;
}
constexpr double distance_bound = 1.95;

double normal_distribution(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

/// The integral of f over [a, b] by Simpson's rule.
double integral(const std::function<double(double)>& f, double a, double b, int pieces = 4000) {
  double sum = 0;
  const double h = (b - a) / pieces;
  for (int i = 0; i < pieces; ++i) sum += f(a + i * h) + 4 * f(a + (i + 0.5) * h) + f(a + (i + 1) * h);
  return sum * h / 6;
}
/// The distribution function of a gamma variate, by brute force. t = s^(1 / alpha) takes the pole at 0 away.
double gamma_distribution(double alpha, double x) {
  if (alpha >= 2) return integral([=](double t) { return t > 0 ? std::exp((alpha - 1) * std::log(t) - t - std::lgamma(alpha)) : 0; }, 0, x);
  return integral([=](double s) { return std::exp(-std::pow(s, 1 / alpha)); }, 0, std::pow(x, alpha)) / std::tgamma(alpha + 1);
}

struct Moments {
  double mean, variance;
};
template <class T>
Moments moments(const tl::Tensor<T>& sample) {
  double sum = 0, squares = 0;
  for (const T v : sample.to_vector()) sum += static_cast<double>(v), squares += static_cast<double>(v) * static_cast<double>(v);
  const double n = static_cast<double>(sample.numel()), mean = sum / n;
  return {mean, squares / n - mean * mean};
}

/// Pearson's statistic of a sample of whole numbers, those with an expectation below 10 taken together, minus its mean, in
/// standard deviations; above 4 less than once in 1000.
template <class T>
double chi_square(const tl::Tensor<T>& sample, const std::function<double(std::int64_t)>& probability, std::int64_t most) {
  std::vector<double> seen(static_cast<std::size_t>(most) + 1);
  for (const T v : sample.to_vector()) seen[static_cast<std::size_t>(std::clamp<std::int64_t>(static_cast<std::int64_t>(v), 0, most))] += 1;
  const double n = static_cast<double>(sample.numel());
  double statistic = 0, cells = -1, rest_seen = 0, rest_expected = 0, total = 0;
  for (std::int64_t k = 0; k <= most; ++k) {
    const double expected = (k < most ? probability(k) : 1 - total) * n;
    total += expected / n;
    if (expected < 10) {
      rest_seen += seen[static_cast<std::size_t>(k)], rest_expected += expected;
      continue;
    }
    statistic += std::pow(seen[static_cast<std::size_t>(k)] - expected, 2) / expected;
    ++cells;
  }
  if (rest_expected > 1) statistic += std::pow(rest_seen - rest_expected, 2) / rest_expected, ++cells;
  return (statistic - cells) / std::sqrt(2 * cells);
}

template <class T>
void check_continuous(double tolerance) {
  tl::Generator g(17);
  const auto fresh = [] { return tl::empty<T>({count}); };
  CHECK(distance(tl::uniform_(fresh(), -2, 3, g), [](double x) { return (x + 2) / 5; }) < tolerance);
  CHECK(distance(tl::normal_(fresh(), 1, 2, g), [](double x) { return normal_distribution((x - 1) / 2); }) < tolerance);
  CHECK(distance(tl::normal<T>(1, 2, {count}, g), [](double x) { return normal_distribution((x - 1) / 2); }) < tolerance);
  CHECK(distance(tl::exponential_(fresh(), 1.5, g), [](double x) { return -std::expm1(-1.5 * x); }) < tolerance);
  CHECK(distance(tl::cauchy_(fresh(), -2, 0.5, g), [](double x) { return 0.5 + std::atan((x + 2) / 0.5) / pi; }) < tolerance);
  CHECK(distance(tl::log_normal_(fresh(), 0.5, 0.25, g), [](double x) { return normal_distribution((std::log(x) - 0.5) / 0.25); }) <
        tolerance);
}
}  // namespace

TEST_CASE("continuous samplers draw from their distributions", "[ops][random]") {
  check_continuous<double>(distance_bound);
  check_continuous<float>(distance_bound);
  check_continuous<tl::half>(distance_bound + 0.15);  // 11 bits of a number: steps of up to 2^-10 in the distribution, times sqrt(n)
}

TEST_CASE("gamma variates are distributed as the integral of their density", "[ops][random]") {
  tl::Generator g(5);
  for (const double alpha : {0.3, 1.0, 2.5, 20.0}) {
    INFO(alpha);
    CHECK(distance(tl::standard_gamma(tl::full<double>({2000}, alpha), g), [=](double x) { return gamma_distribution(alpha, x); }) <
          distance_bound);
  }
  const Moments m = moments(tl::standard_gamma(tl::full<float>({count}, 7.0), g));
  CHECK(std::abs(m.mean - 7) < 4 * std::sqrt(7.0 / count));
  CHECK(std::abs(m.variance - 7) < 4 * 7 * std::sqrt((2 + 6.0 / 7) / count));
  CHECK(tl::standard_gamma(Double({1}, {0.0}), g).item() == std::numeric_limits<double>::min());
}

TEST_CASE("samplers of whole numbers draw each with its probability", "[ops][random]") {
  tl::Generator g(3);
  for (const double rate : {0.5, 4.0, 9.9, 10.0, 35.0, 1000.0}) {
    INFO("poisson " << rate);
    const auto p = [=](std::int64_t k) {
      return std::exp(static_cast<double>(k) * std::log(rate) - rate - std::lgamma(static_cast<double>(k) + 1));
    };
    CHECK(chi_square(tl::poisson(tl::full<double>({count}, rate), g), p, static_cast<std::int64_t>(rate + 10 * std::sqrt(rate) + 5)) < 4);
  }
  for (const auto& trials :
       {std::pair(5.0, 0.3), std::pair(40.0, 0.2), std::pair(40.0, 0.5), std::pair(100.0, 0.9), std::pair(1000.0, 0.3)}) {
    const double n = trials.first, q = trials.second;
    INFO("binomial " << n << ' ' << q);
    const auto p = [=](std::int64_t i) {
      const auto k = static_cast<double>(i);
      return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(q) + (n - k) * std::log1p(-q));
    };
    const Double drawn = tl::binomial(tl::full<double>({count}, n), Double({1}, {q}), g);
    CHECK(chi_square(drawn, p, static_cast<std::int64_t>(n)) < 4);
  }
  for (const double q : {0.2, 0.5, 0.8}) {
    INFO("geometric " << q);
    const auto p = [=](std::int64_t k) { return k < 1 ? 0 : std::pow(1 - q, static_cast<double>(k - 1)) * q; };
    CHECK(chi_square(tl::geometric_(tl::empty<std::int64_t>({count}), q, g), p, 60) < 4);
    CHECK(chi_square(tl::geometric_(tl::empty<float>({count}), q, g), p, 60) < 4);
  }
  CHECK(chi_square(
            tl::random_(tl::empty<std::uint8_t>({count}), g), [](std::int64_t) { return 1.0 / 256; }, 255) < 4);
  CHECK(chi_square(
            tl::random_(tl::empty<std::int8_t>({count}), 3, 8, g), [](std::int64_t k) { return k < 3 ? 0 : 0.2; }, 7) < 4);
}

TEST_CASE("small rates and certain trials", "[ops][random]") {
  tl::Generator g(9);
  CHECK(tl::poisson(Double({2}, {0, 1e-300}), g).to_vector() == std::vector<double>{0, 0});
  CHECK(tl::binomial(Double({4}, {7, 7, 0, 2.9}), Double({4}, {0, 1, 0.5, 1}), g).to_vector() == std::vector<double>{0, 7, 0, 2});
  const Moments m = moments(tl::geometric_(tl::empty<double>({count}), 1e-6, g));
  CHECK(std::abs(m.mean * 1e-6 - 1) < 4 / std::sqrt(double(count)));  // far beyond what 24 random bits could tell apart
  CHECK(tl::multinomial(Double({3}, {0, 2, 0}), 5, true, g).to_vector() == std::vector<std::int64_t>(5, 1));
}

TEST_CASE("multinomial draws in proportion to weights, with and without replacement", "[ops][random]") {
  tl::Generator g(21);
  const std::vector<double> weights{1, 0, 3, 6};
  const Double w({4}, {1, 0, 3, 6});
  CHECK(chi_square(
            tl::multinomial(w, count, true, g), [&](std::int64_t k) { return weights[static_cast<std::size_t>(k)] / 10; }, 3) < 4);
  // Without: the pair (first, second) has probability w_i / 10 * w_j / (10 - w_i).
  const Double rows = Double::from(
      [&] {
        std::vector<double> all;
        for (int i = 0; i < count; ++i) all.insert(all.end(), weights.begin(), weights.end());
        return all;
      }(),
      {count, 4});
  const auto pairs = tl::multinomial(rows, 2, false, g).to_vector();
  std::vector<std::int64_t> codes;
  for (std::size_t i = 0; i < pairs.size(); i += 2) codes.push_back(pairs[i] * 4 + pairs[i + 1]);
  const auto probability = [&](std::int64_t code) {
    const std::size_t i = static_cast<std::size_t>(code / 4), j = static_cast<std::size_t>(code % 4);
    return i == j ? 0 : weights[i] / 10 * weights[j] / (10 - weights[i]);
  };
  CHECK(chi_square(tl::Tensor<std::int64_t>::from(codes), probability, 15) < 4);
}

TEST_CASE("a gamma variate's derivative is what moving the shape at a fixed quantile gives", "[ops][random]") {
  for (const double alpha : {0.4, 1.0, 3.0, 12.0, 50.0})
    for (const double share : {0.2, 0.6, 1.0, 1.7}) {
      const double x = alpha * share, eps = 1e-4 * alpha;
      const double density = std::exp((alpha - 1) * std::log(x) - x - std::lgamma(alpha));
      const double moved = (gamma_distribution(alpha + eps, x) - gamma_distribution(alpha - eps, x)) / (2 * eps);
      INFO(alpha << ' ' << x);
      CHECK(tl::variates::standard_gamma_derivative(alpha, x) == Approx(-moved / density).epsilon(2e-5));
    }
  // Shape 1: x = -log(1 - u) has dx / dalpha in closed form only at 0; small shapes behave as x = u^(1 / alpha) up to a factor.
  CHECK(tl::variates::standard_gamma_derivative(1e-3, 1e-200) ==
        Approx(-1e-200 / 1e-3 * (std::log(1e-200) - -0.57721566490153286)).epsilon(1e-3));
  // Large shapes: x is alpha + z sqrt(alpha).
  CHECK(tl::variates::standard_gamma_derivative(1e6, 1e6 + 2e3) == Approx(1 + 2.0 / (2 * 1e3)).epsilon(1e-5));
  // Numbers of PyTorch 2.6, torch._standard_gamma_grad, whose approximations hold to some 1e-3.
  CHECK(tl::variates::standard_gamma_derivative(0.1, 0.05) == Approx(1.367283).epsilon(2e-3));
  CHECK(tl::variates::standard_gamma_derivative(100, 90) == Approx(0.949910).epsilon(2e-3));
  CHECK(tl::variates::standard_gamma_derivative(2, 30) == Approx(3.110149).epsilon(2e-3));
}

TEST_CASE("the mean of gamma variates moves with their shape", "[ops][random][autograd]") {
  tl::manual_seed(4);
  const Double alpha = tl::full<double>({count}, 3.0).requires_grad_();
  tl::sum(tl::standard_gamma(alpha)).backward();
  const Moments m = moments(alpha.grad());
  CHECK(std::abs(m.mean - 1) < 4 * std::sqrt(m.variance / count));  // d E[x] / d alpha = 1
  const Double x = tl::standard_gamma(alpha);
  const auto [first] = tl::autograd::grad({tl::sum(x)}, {alpha}, {.create_graph = true});
  CHECK_THROWS_WITH(tl::sum(first).backward(), ContainsSubstring("a first derivative only"));
}

TEST_CASE("samplers whose samples do not move give gradients of zeros", "[ops][random][autograd]") {
  const Double mean = Double({2, 1}, {0.2, 0.4}).requires_grad_(), std = Double({3}, {1, 2, 3}).requires_grad_();
  tl::sum(tl::normal(mean, std)).backward();
  CHECK(mean.grad().to_vector() == std::vector<double>{0, 0});
  CHECK(std.grad().to_vector() == std::vector<double>{0, 0, 0});
  const Double p = Double({2}, {0.2, 0.4}).requires_grad_();
  tl::sum(tl::bernoulli(p) + tl::poisson(p)).backward();
  CHECK(p.grad().to_vector() == std::vector<double>{0, 0});
}

TEST_CASE("each sampler takes a generator, and the same state gives the same numbers with any number of threads", "[ops][random]") {
  const auto all = [](tl::Generator& g) {
    std::vector<double> out;
    const auto add = [&](const Double& t) {
      const auto v = t.to_vector();
      out.insert(out.end(), v.begin(), v.end());
    };
    const Double p = tl::full<double>({9000}, 0.3), n = tl::full<double>({9000}, 60.0);
    add(tl::rand<double>({9000}, g));
    add(tl::normal(p, n, g));
    add(tl::bernoulli(p, g));
    add(tl::poisson(n, g));
    add(tl::binomial(n, p, g));
    add(tl::standard_gamma(p, g));
    add(tl::exponential_(tl::empty<double>({9000}), 1, g));
    add(tl::cauchy_(tl::empty<double>({9000}), 0, 1, g));
    add(tl::geometric_(tl::empty<double>({9000}), 0.2, g));
    add(tl::log_normal_(tl::empty<double>({9000}), 0, 1, g));
    add(tl::random_(tl::empty<double>({9000}), 100, g));
    add(tl::bernoulli_(tl::empty<double>({9000}), p, g));
    for (const std::int64_t i : tl::multinomial(p, 50, false, g).to_vector()) out.push_back(static_cast<double>(i));
    return out;
  };
  tl::Generator g(77);
  tl::rand<float>({5}, g);
  tl::Generator twin = g.clone();
  const auto state = g.get_state();
  const auto before = tl::default_generator().get_state();
  const int threads = tl::get_num_threads();
  tl::set_num_threads(1);
  const std::vector<double> first = all(g);
  tl::set_num_threads(4);
  CHECK(all(twin) == first);
  tl::set_num_threads(threads);
  CHECK(twin.get_state() == g.get_state());
  CHECK(tl::default_generator().get_state() == before);
  CHECK(all(g) != first);
  g.set_state(state);
  CHECK(all(g) == first);
}

TEST_CASE("elements of one draw, and draws one after the other, share no numbers", "[core][random]") {
  tl::Generator g(1);
  const Double a = tl::standard_gamma(tl::full<double>({3000}, 2.0), g), b = tl::standard_gamma(tl::full<double>({3000}, 2.0), g);
  std::vector<double> all = a.to_vector();
  for (const double x : b.to_vector()) all.push_back(x);
  for (const double x : tl::rand<double>({3000}, g).to_vector()) all.push_back(x);
  std::sort(all.begin(), all.end());
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE("a fork of the random numbers leaves the generator where it was", "[core][random]") {
  tl::manual_seed(12);
  std::vector<double> inside, after;
  {
    const tl::ForkRngGuard fork;
    inside = tl::rand<double>({3}).to_vector();
    tl::manual_seed(999);
  }
  after = tl::rand<double>({3}).to_vector();
  CHECK(after == inside);
  CHECK(tl::initial_seed() == 12);
  const std::uint64_t chosen = tl::seed();
  CHECK(tl::initial_seed() == chosen);
  CHECK(tl::seed() != chosen);
  const auto state = tl::get_rng_state();
  const auto x = tl::rand<float>({2}).to_vector();
  tl::set_rng_state(state);
  CHECK(tl::rand<float>({2}).to_vector() == x);
}

TEST_CASE("samplers refuse impossible parameters before anything is changed", "[ops][random]") {
  const Double x({2}, {1, 2});
  const auto version = x.version();
  CHECK_THROWS_WITH(tl::exponential_(x, 0), ContainsSubstring("exponential_"));
  CHECK_THROWS_WITH(tl::cauchy_(x, 0, 0), ContainsSubstring("cauchy_"));
  CHECK_THROWS_WITH(tl::geometric_(x, 1), ContainsSubstring("(0, 1)"));
  CHECK_THROWS_WITH(tl::log_normal_(x, 0, 0), ContainsSubstring("log_normal_"));
  CHECK_THROWS_WITH(tl::random_(x, 3, 3), ContainsSubstring("low 3"));
  CHECK_THROWS_WITH(tl::bernoulli_(x, 1.5), ContainsSubstring("[0, 1]"));
  CHECK_THROWS_AS(tl::bernoulli_(x, Double({3}, {0, 0, 0})), tl::ShapeError);
  CHECK(x.version() == version);
  CHECK(x.to_vector() == std::vector<double>{1, 2});
  CHECK_THROWS_WITH(tl::random_(tl::empty<std::int8_t>({2}), 0, 300), ContainsSubstring("int8"));
  CHECK_THROWS_WITH(tl::randint<std::uint8_t>(-1, 3, {2}), ContainsSubstring("uint8"));
  CHECK_THROWS_AS(tl::bernoulli(Double({1}, {1.5})), tl::Error);
  CHECK_THROWS_AS(tl::bernoulli(Double({1}, {std::nan("")})), tl::Error);
  CHECK_THROWS_AS(tl::poisson(Double({1}, {-1})), tl::Error);
  CHECK_THROWS_AS(tl::binomial(Double({1}, {-1}), Double({1}, {0.5})), tl::Error);
  CHECK_THROWS_AS(tl::binomial(Double({1}, {1}), Double({1}, {1.5})), tl::Error);
  CHECK_THROWS_AS(tl::standard_gamma(Double({1}, {-1})), tl::Error);
  CHECK_THROWS_AS(tl::normal(Double({1}, {1}), Double({1}, {-1})), tl::Error);
  CHECK_THROWS_AS(tl::normal(Double({1}, {1}), -1.0), tl::Error);
  CHECK_THROWS_AS(tl::normal(tl::ones<double>({2}), tl::ones<double>({3})), tl::ShapeError);
  CHECK_THROWS_AS(tl::multinomial(tl::ones<double>({2, 2, 2}), 1), tl::ShapeError);
  CHECK_THROWS_WITH(tl::multinomial(tl::ones<double>({2}), 0), ContainsSubstring("at least 1"));
  CHECK_THROWS_WITH(tl::multinomial(tl::ones<double>({2}), 3), ContainsSubstring("replacement"));
  CHECK_THROWS_WITH(tl::multinomial(tl::zeros<double>({2}), 1, true), ContainsSubstring("positive weight"));
  CHECK_THROWS_WITH(tl::multinomial(Double({2}, {0, 1}), 2), ContainsSubstring("positive weight"));
  CHECK_THROWS_AS(tl::multinomial(Double({2}, {1, -1}), 1), tl::Error);
  CHECK_THROWS_AS(tl::multinomial(Double({2}, {1, std::numeric_limits<double>::infinity()}), 1), tl::Error);
}

TEST_CASE("samplers write into views, take empty tensors and half", "[ops][random]") {
  const Double a = tl::zeros<double>({4, 5});
  const Double column = tl::view_of(a, {4}, {5}, 1);
  tl::exponential_(column);
  const auto x = a.to_vector();
  for (std::size_t i = 0; i < x.size(); ++i) CHECK((i % 5 == 1) == (x[i] > 0));
  CHECK(tl::poisson(tl::zeros<double>({0, 3})).sizes() == tl::Shape{0, 3});
  CHECK(tl::multinomial(tl::ones<double>({0, 3}), 2).sizes() == tl::Shape{0, 2});
  CHECK(tl::standard_gamma(tl::ones<tl::half>({2})).sizes() == tl::Shape{2});
  CHECK(tl::randint<tl::half>(3, {4}).sizes() == tl::Shape{4});
  CHECK(tl::multinomial(tl::ones<tl::bfloat16>({5}), 5).sizes() == tl::Shape{5});
  const auto leaf = tl::ones<float>({2}).requires_grad_();
  CHECK_THROWS_WITH(tl::exponential_(leaf), ContainsSubstring("leaf"));
}
