// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <algorithm>
#include <cmath>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/random/bernoulli.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/random/randint.hpp>

namespace tl = torchlite;

namespace {
template <class T>
double mean_of(const std::vector<T>& values) {
  double sum = 0;
  for (const auto& v : values) sum += static_cast<double>(v);
  return sum / static_cast<double>(values.size());
}
}  // namespace

TEST_CASE("the same seed gives the same numbers, the next draw others", "[ops][random]") {
  tl::manual_seed(7);
  const auto a = tl::rand<float>({1000}).to_vector(), b = tl::rand<float>({1000}).to_vector();
  tl::manual_seed(7);
  CHECK(tl::rand<float>({1000}).to_vector() == a);
  CHECK(tl::rand<float>({1000}).to_vector() == b);
  CHECK(a != b);
}

TEST_CASE("element i depends neither on the shape nor on the number of threads", "[ops][random]") {
  const int threads = tl::get_num_threads();
  tl::manual_seed(3);
  tl::set_num_threads(1);
  const auto one = tl::randn<double>({70001}).to_vector();
  tl::manual_seed(3);
  tl::set_num_threads(4);
  const auto four = tl::randn<double>({7, 10000}).to_vector();
  tl::set_num_threads(threads);
  CHECK(std::equal(four.begin(), four.end(), one.begin()));
}

TEST_CASE("each element is what its own counter gives", "[ops][random]") {
  tl::Generator g(11);
  const auto u = tl::rand<float>({300}, g).to_vector();
  const auto d = tl::rand<double>({300}, g).to_vector();
  const auto k = tl::randint(0, 1000, {300}, g).to_vector();
  const tl::RandomStream first{11, 0}, second{11, 75}, third{11, 225};
  for (std::uint64_t i = 0; i < 300; i += 13) {
    CHECK(u[i] == first.uniform<float>(i));
    CHECK(d[i] == second.uniform<double>(i));
    CHECK(k[i] == static_cast<std::int64_t>(third.integer(i, 1000)));
  }
}

TEST_CASE("a draw does not count as a pass", "[ops][random]") {
  const auto before = tl::kernel_count();
  tl::rand<float>({1000});
  CHECK(tl::kernel_count() == before);
}

TEST_CASE("uniform numbers fill [0, 1) evenly", "[ops][random]") {
  tl::manual_seed(1);
  const auto x = tl::rand<float>({100000}).to_vector();
  CHECK(*std::min_element(x.begin(), x.end()) >= 0.0f);
  CHECK(*std::max_element(x.begin(), x.end()) < 1.0f);
  CHECK(std::abs(mean_of(x) - 0.5) < 0.005);  // 5 standard errors
}

TEST_CASE("normal numbers have mean 0 and variance 1", "[ops][random]") {
  tl::manual_seed(2);
  auto x = tl::randn<float>({100000}).to_vector();
  CHECK(std::abs(mean_of(x)) < 0.016);
  for (float& v : x) v *= v;
  CHECK(std::abs(mean_of(x) - 1) < 0.023);
}

TEST_CASE("randint stays in its range and reaches all of it", "[ops][random]") {
  tl::manual_seed(4);
  const auto x = tl::randint<std::int64_t>(-2, 3, {2000}).to_vector();
  CHECK(*std::min_element(x.begin(), x.end()) == -2);
  CHECK(*std::max_element(x.begin(), x.end()) == 2);
  CHECK(tl::randint(5, {2}).sizes() == tl::Shape{2});
  CHECK_THROWS_AS(tl::randint(3, 3, {1}), tl::Error);
}

TEST_CASE("randperm holds each number once", "[ops][random]") {
  tl::manual_seed(5);
  auto p = tl::randperm(1000).to_vector();
  CHECK(!std::is_sorted(p.begin(), p.end()));
  std::sort(p.begin(), p.end());
  for (std::int64_t i = 0; i < 1000; ++i) REQUIRE(p[static_cast<std::size_t>(i)] == i);
  CHECK(tl::randperm(0).numel() == 0);
}

TEST_CASE("bernoulli succeeds with its probability, and always or never at the ends", "[ops][random]") {
  tl::manual_seed(6);
  CHECK(std::abs(mean_of(tl::bernoulli<float>({100000}, 0.3).to_vector()) - 0.3) < 0.0075);
  CHECK(mean_of(tl::bernoulli<float>({1000}, 1.0).to_vector()) == 1);
  CHECK(mean_of(tl::bernoulli<float>({1000}, 0.0).to_vector()) == 0);
  const auto p = tl::Tensor<float>({2}, {0, 1});
  CHECK(tl::bernoulli(p).to_vector() == std::vector<float>{0, 1});
  CHECK_THROWS_AS(tl::bernoulli<float>({1}, 1.5), tl::Error);
}

TEST_CASE("the in-place forms write into views and respect graphs", "[ops][random]") {
  tl::manual_seed(8);
  const auto a = tl::zeros<double>({4, 5});
  a.t()[1].uniform_(2, 3);
  const auto x = a.to_vector();
  for (std::size_t i = 0; i < x.size(); ++i) CHECK((i % 5 == 1 ? x[i] >= 2 && x[i] < 3 : x[i] == 0));
  const auto version = a.version();
  a.normal_(10, 0.1);
  CHECK(a.version() > version);
  CHECK(std::abs(mean_of(a.to_vector()) - 10) < 0.2);
  const auto leaf = tl::ones<float>({2}).requires_grad_();
  CHECK_THROWS_AS(leaf.uniform_(), tl::Error);
  {
    const tl::NoGradGuard no_grad;
    leaf.uniform_();
  }
  CHECK_THROWS_AS(a.uniform_(2, 1), tl::Error);
  CHECK(tl::randn_like(a).sizes() == a.sizes());
  CHECK(tl::rand<tl::half>({3}).to_vector().size() == 3);
}
