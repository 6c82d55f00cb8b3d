// SPDX-License-Identifier: BSD-3-Clause
// Reductions of dense memory over its first, middle or last dimension, for sizes that take every path of the loops.
#include <ops/samples.hpp>

#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/amin.hpp>
#include <torchlite/ops/reduce/argmax.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/tensor/create.hpp>

#include <algorithm>
#include <cmath>

namespace tl = torchlite;

TEST_CASE("reductions over the first, a middle or the last dimension equal loops", "[ops][reduce]") {
  const std::int64_t shapes[][3] = {{1, 7, 1},  {3, 1, 5},    {4, 300, 1},   {2, 3, 256},   {2, 3, 257},   {5, 9, 7},
                                    {1, 4, 60}, {40, 50, 30}, {1, 40000, 1}, {3, 33000, 1}, {1, 33000, 2}, {100, 2, 1}};
  for (const auto& [outer, n, inner] : shapes) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < outer * n * inner; ++i) values.push_back(static_cast<float>(i * 37 % 101 - 50));
    const tl::Tensor<float> x = tl::Tensor<float>::from(values, {outer, n, inner});
    const auto sums = tl::sum(x, 1).to_vector(), squares = tl::sum(tl::square(x), 1).to_vector();
    const auto places = tl::argmax(x, 1).to_vector();
    double total = 0;
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t k = 0; k < inner; ++k) {
        double sum = 0, square = 0;
        std::int64_t best = 0;
        const auto at = [&values, first = o * n * inner + k, step = inner](std::int64_t i) {
          return values[static_cast<std::size_t>(first + i * step)];
        };
        for (std::int64_t i = 0; i < n; ++i) {
          sum += static_cast<double>(at(i));
          square += static_cast<double>(at(i) * at(i));
          if (at(i) > at(best)) best = i;
        }
        total += sum;
        const std::size_t place = static_cast<std::size_t>(o * inner + k);
        REQUIRE(static_cast<double>(sums[place]) == sum);  // integers: no rounding
        REQUIRE(static_cast<double>(squares[place]) == Approx(square).epsilon(1e-6));
        REQUIRE(places[place] == best);
      }
    CHECK(static_cast<double>(tl::sum(x).item()) == total);
    CHECK(tl::sum(x, 1, true).sizes() == tl::Shape{outer, 1, inner});
    CHECK(tl::sum(x, {0, 2}).sizes() == tl::Shape{n});  // not neighbours
    CHECK(static_cast<double>(tl::sum(tl::sum(x, {0, 2})).item()) == total);
  }
}

TEMPLATE_TEST_CASE("an extreme or a NaN is found wherever it stands in a row", "[ops][reduce]", float, double) {
  using T = TestType;
  for (const std::int64_t n : {1, 5, 15, 16, 17, 33, 64, 70, 300})
    for (std::int64_t place = 0; place < n; ++place) {
      std::vector<T> values;
      for (std::int64_t i = 0; i < 2 * n; ++i) values.push_back(static_cast<T>(i % 7 - 3));
      const auto with = [&](T x) {
        values[static_cast<std::size_t>(n + place)] = x;
        return tl::Tensor<T>::from(values, {2, n});
      };
      const T infinity = std::numeric_limits<T>::infinity(), first = *std::max_element(values.begin(), values.begin() + n);
      REQUIRE(tl::amax(with(9), 1).to_vector() == std::vector<T>{first, 9});
      REQUIRE(tl::amin(with(-infinity), 1).to_vector()[1] == -infinity);
      REQUIRE(tl::argmax(with(9), 1).to_vector()[1] == place);
      const auto nan = with(std::numeric_limits<T>::quiet_NaN());
      REQUIRE(tl::amax(nan, 1).to_vector()[0] == first);
      REQUIRE(std::isnan(tl::amax(nan, 1).to_vector()[1]));
      REQUIRE(std::isnan(tl::amin(nan, 1).to_vector()[1]));
      REQUIRE(tl::argmax(nan, 1).to_vector()[1] == place);
    }
}
