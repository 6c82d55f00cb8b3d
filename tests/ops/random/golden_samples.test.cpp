// SPDX-License-Identifier: BSD-3-Clause
// The calls that PyTorch recorded of its samplers. Their numbers are others; shapes, dtypes, gradients (zeros) and the set of
// values that can be drawn are not.
#include <ops/samples.hpp>

#include <torchlite/ops/random/bernoulli.hpp>
#include <torchlite/ops/random/cauchy.hpp>
#include <torchlite/ops/random/exponential.hpp>
#include <torchlite/ops/random/geometric.hpp>
#include <torchlite/ops/random/log_normal.hpp>
#include <torchlite/ops/random/multinomial.hpp>
#include <torchlite/ops/random/normal.hpp>
#include <torchlite/ops/random/randint.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <algorithm>
#include <cmath>

using namespace samples;

namespace {
const ReplayOptions random_values{.compare_values = false};

/// The result, once every element of it has been checked.
template <class T, class F>
Tensor<T> each(const Tensor<T>& t, F valid) {
  for (const T x : t.to_vector()) {
    INFO(static_cast<double>(x));
    CHECK(valid(static_cast<double>(x)));
  }
  return t;
}
bool whole(double x) { return std::floor(x) == x; }
bool is_finite(double x) { return std::isfinite(x); }
double low(const Call& c) { return c.number(0, "from", 0); }
}  // namespace

TEST_CASE("replay: bernoulli", "[ops][random][replay]") {
  replay(
      "bernoulli", [](const Call& c) { return each(tl::bernoulli(c.x()), [](double x) { return x == 0 || x == 1; }); }, random_values);
}
TEST_CASE("replay: cauchy", "[ops][random][replay]") {
  replay(
      "cauchy", [](const Call& c) { return each(tl::cauchy_(c.x(), low(c), c.number(1, "sigma", 1)), is_finite); }, random_values);
}
TEST_CASE("replay: exponential", "[ops][random][replay]") {
  replay(
      "exponential",
      [](const Call& c) { return each(tl::exponential_(c.x(), c.number(0, "lambd", 1)), [](double x) { return x > 0 && is_finite(x); }); },
      random_values);
}
TEST_CASE("replay: geometric", "[ops][random][replay]") {
  replay(
      "geometric",
      [](const Call& c) { return each(tl::geometric_(c.x(), c.number(0, "p", 0)), [](double x) { return x >= 1 && whole(x); }); },
      random_values);
}
TEST_CASE("replay: log_normal", "[ops][random][replay]") {
  replay(
      "log_normal",
      [](const Call& c) {
        return each(tl::log_normal_(c.x(), c.number(0, "mean", 1), c.number(1, "std", 2)), [](double x) { return x > 0 && is_finite(x); });
      },
      random_values);
}
TEST_CASE("replay: multinomial", "[ops][random][replay]") {
  replay(
      "multinomial",
      [](const Call& c) {
        const bool replacement = c.flag(1, "replacement");
        const Index drawn = tl::multinomial(c.x(), c.integer(0, "num_samples"), replacement);
        const double categories = static_cast<double>(c.x().size(-1));
        each(drawn, [=](double x) { return x >= 0 && x < categories; });
        std::vector<std::int64_t> v = drawn.to_vector();
        const auto row = static_cast<std::ptrdiff_t>(drawn.size(-1));
        for (auto at = v.begin(); at != v.end() && !replacement; at += row) {
          std::sort(at, at + row);
          CHECK(std::adjacent_find(at, at + row) == at + row);
        }
        return Values{drawn};
      },
      random_values);
}
TEST_CASE("replay: normal", "[ops][random][replay]") {
  replay(
      "normal",
      [](const Call& c) {
        return each(c.is_tensor(0, "std") ? tl::normal(c.x(), c.tensor(0, "std")) : tl::normal(c.x(), c.number(0, "std", 1)), is_finite);
      },
      random_values);
}
TEST_CASE("replay: normal_in_place", "[ops][random][replay]") {
  replay(
      "normal_in_place", [](const Call& c) { return each(c.x().normal_(c.number(0, "mean", 0), c.number(1, "std", 1)), is_finite); },
      random_values);
}
TEST_CASE("replay: normal_number_mean", "[ops][random][replay]") {
  replay(
      "normal_number_mean",
      [](const Call& c) {
        const double mean = golden::number(c.sample.input);
        return each(c.is_tensor(0, "std") ? tl::normal(mean, c.tensor(0, "std"))
                                          : tl::normal<double, Device>(mean, c.number(0, "std", 1), c.shape(1, "size")),
                    is_finite);
      },
      random_values);
}
TEST_CASE("replay: rand_like", "[ops][random][replay]") {
  replay(
      "rand_like", [](const Call& c) { return each(tl::rand_like(c.x()), [](double x) { return x >= 0 && x < 1; }); }, random_values);
}
TEST_CASE("replay: randn_like", "[ops][random][replay]") {
  replay(
      "randn_like", [](const Call& c) { return each(tl::randn_like(c.x()), is_finite); }, random_values);
}
TEST_CASE("replay: randn", "[ops][random][replay]") {
  replay(
      "randn", [](const Call& c) { return each(tl::randn<double, Device>(golden::integers(c.sample.input)), is_finite); }, random_values);
}
TEST_CASE("replay: randint", "[ops][random][replay]") {
  replay(
      "randint",
      [](const Call& c) {
        const auto first = static_cast<std::int64_t>(golden::number(c.sample.input));
        const bool both = !c.is_list(0, "high");
        const std::int64_t from = both ? first : 0, to = both ? c.integer(0, "high") : first;
        const tl::Shape sizes = c.shape(both ? 1 : 0, "size");
        const auto valid = [=](double x) { return x >= static_cast<double>(from) && x < static_cast<double>(to) && whole(x); };
        if (c.sample.out(0).dtype == "float64")
          return Values{each(both ? tl::randint<double, Device>(from, to, sizes) : tl::randint<double, Device>(to, sizes), valid)};
        return Values{
            each(both ? tl::randint<std::int64_t, Device>(from, to, sizes) : tl::randint<std::int64_t, Device>(to, sizes), valid)};
      },
      random_values);
}
TEST_CASE("replay: randint_like", "[ops][random][replay]") {
  replay(
      "randint_like",
      [](const Call& c) {
        const bool both = c.has(1, "high");
        const std::int64_t first = c.integer(0, "high");
        if (!both) return each(tl::randint_like(c.x(), first), [=](double x) { return x >= 0 && x < double(first) && whole(x); });
        const std::int64_t last = c.integer(1, "high");
        return each(tl::randint_like(c.x(), first, last), [=](double x) { return x >= double(first) && x < double(last) && whole(x); });
      },
      random_values);
}
TEST_CASE("replay: uniform", "[ops][random][replay]") {
  replay(
      "uniform",
      [](const Call& c) {
        const double from = low(c), to = c.number(1, "to", 1);
        return each(c.x().uniform_(from, to), [=](double x) { return x >= from && x < to; });
      },
      random_values);
}
