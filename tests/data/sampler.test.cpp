// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/data/sampler.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace tl = torchlite;
using namespace tl::data;
using Order = std::vector<std::int64_t>;

namespace {
Order sorted(Order order) {
  std::sort(order.begin(), order.end());
  return order;
}
}  // namespace

TEST_CASE("a sequential sampler counts", "[data][sampler]") {
  CHECK(SequentialSampler(4).sample() == Order{0, 1, 2, 3});
  CHECK(SequentialSampler(0).sample().empty());
}

TEST_CASE("a random sampler permutes, differently each epoch, equally for equal seeds", "[data][sampler]") {
  RandomSampler a(100, {.seed = 7}), b(100, {.seed = 7}), c(100, {.seed = 8});
  const Order first = a.sample(), second = a.sample();
  CHECK(sorted(first) == SequentialSampler(100).sample());
  CHECK(sorted(second) == SequentialSampler(100).sample());
  CHECK(first != second);
  CHECK(b.sample() == first);
  CHECK(b.sample() == second);
  CHECK(c.sample() != first);
  CHECK(RandomSampler(100, {.num_samples = 10, .seed = 7}).sample() == Order(first.begin(), first.begin() + 10));
}

TEST_CASE("without a seed of its own a random sampler follows manual_seed", "[data][sampler]") {
  tl::manual_seed(5);
  const Order first = RandomSampler(50).sample(), second = RandomSampler(50).sample();
  tl::manual_seed(5);
  CHECK(RandomSampler(50).sample() == first);
  CHECK(RandomSampler(50).sample() == second);
  CHECK(first != second);
}

TEST_CASE("every place is equally likely in a random permutation", "[data][sampler]") {
  RandomSampler s(5, {.seed = 1});
  int counts[5][5] = {};
  constexpr int draws = 20000;
  for (int k = 0; k < draws; ++k) {
    const Order order = s.sample();
    for (std::size_t i = 0; i < 5; ++i) ++counts[i][order[i]];
  }
  // Standard deviation of each: sqrt(20000 * 0.2 * 0.8) = 57.
  for (const auto& row : counts)
    for (const int count : row) CHECK(std::abs(count - draws / 5) < 5 * 57);
}

TEST_CASE("a random sampler with replacement draws as many as asked for", "[data][sampler]") {
  const Order order = RandomSampler(3, {.replacement = true, .num_samples = 30000, .seed = 1}).sample();
  for (std::int64_t i = 0; i < 3; ++i) CHECK(std::abs(std::count(order.begin(), order.end(), i) - 10000) < 5 * 82);
  CHECK_THROWS_AS(RandomSampler(3, {.num_samples = 4}), tl::Error);
  CHECK_THROWS_AS(RandomSampler(0, {.replacement = true, .num_samples = 4}), tl::Error);
}

TEST_CASE("a subset is permuted, and nothing else is drawn", "[data][sampler]") {
  SubsetRandomSampler s({5, 3, 9, 7}, 1);
  CHECK(s.size() == 4);
  CHECK(sorted(s.sample()) == Order{3, 5, 7, 9});
}

TEST_CASE("weighted samples follow their weights", "[data][sampler]") {
  const Order order = WeightedRandomSampler({1, 0, 3, 0}, 40000, {.seed = 1}).sample();
  REQUIRE(order.size() == 40000);
  CHECK(std::abs(std::count(order.begin(), order.end(), 0) - 10000) < 5 * 87);
  CHECK(std::abs(std::count(order.begin(), order.end(), 2) - 30000) < 5 * 87);
}

TEST_CASE("weighted samples without replacement are different, heavy ones first more often", "[data][sampler]") {
  WeightedRandomSampler s({1, 2, 0, 1}, 3, {.replacement = false, .seed = 1});
  int first[4] = {};
  for (int k = 0; k < 20000; ++k) {
    const Order order = s.sample();
    REQUIRE(sorted(order) == Order{0, 1, 3});
    ++first[order[0]];
  }
  CHECK(std::abs(first[1] - 10000) < 5 * 71);
  CHECK(std::abs(first[0] - 5000) < 5 * 61);
}

TEST_CASE("impossible weights are refused", "[data][sampler]") {
  CHECK_THROWS_AS(WeightedRandomSampler({1, -1}, 1), tl::Error);
  CHECK_THROWS_AS(WeightedRandomSampler({1, NAN}, 1), tl::Error);
  CHECK_THROWS_AS(WeightedRandomSampler({1, INFINITY}, 1), tl::Error);
  CHECK_THROWS_AS(WeightedRandomSampler({1e308, 1e308}, 1), tl::Error);
  CHECK_THROWS_AS(WeightedRandomSampler({0, 0}, 1), tl::Error);
  CHECK_THROWS_AS(WeightedRandomSampler({1, 0}, 2, {.replacement = false}), tl::Error);
  CHECK_THROWS_AS(WeightedRandomSampler({1}, -1), tl::Error);
  CHECK(WeightedRandomSampler({}, 0).sample().empty());
}

TEST_CASE("a batch sampler cuts an order into pieces", "[data][sampler]") {
  BatchSampler all(SequentialSampler(5), 2), full(SequentialSampler(5), 2, true);
  CHECK(all.size() == 3);
  CHECK(all.sample() == std::vector<Order>{{0, 1}, {2, 3}, {4}});
  CHECK(full.size() == 2);
  CHECK(full.sample() == std::vector<Order>{{0, 1}, {2, 3}});
  CHECK_THROWS_AS(BatchSampler(SequentialSampler(5), 0), tl::Error);
}
