// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/sort/isin.hpp>
#include <torchlite/ops/sort/searchsorted.hpp>
#include <torchlite/ops/sort/unique.hpp>

using namespace samples;

TEST_CASE("unique elements, where they went and how often they were there", "[ops][sort]") {
  const tl::Tensor<std::int32_t> x({2, 3}, {5, 2, 5, 2, 9, 5});
  const auto [values, inverse, counts] = tl::unique(x);
  CHECK(values.to_vector() == std::vector<std::int32_t>{2, 5, 9});
  CHECK(inverse.sizes() == x.sizes());
  CHECK(inverse.to_vector() == std::vector<std::int64_t>{1, 0, 1, 0, 2, 1});
  CHECK(counts.to_vector() == std::vector<std::int64_t>{2, 3, 1});
  const auto runs = tl::unique_consecutive(tl::Tensor<std::int32_t>({5}, {1, 1, 2, 1, 1}));
  CHECK(runs.output.to_vector() == std::vector<std::int32_t>{1, 2, 1});
  CHECK(runs.inverse_indices.to_vector() == std::vector<std::int64_t>{0, 0, 1, 2, 2});
  CHECK(runs.counts.to_vector() == std::vector<std::int64_t>{2, 1, 2});
}

TEST_CASE("unique slices along a dimension stand in lexicographic order", "[ops][sort]") {
  const Real x({2, 4}, {2, 1, 2, 1, 0, 3, 0, 1});  // columns (2, 0), (1, 3), (2, 0), (1, 1)
  const auto [columns, inverse, counts] = tl::unique(x, 1);
  CHECK(columns.sizes() == tl::Shape{2, 3});
  CHECK(columns.to_vector() == std::vector<double>{1, 1, 2, 1, 3, 0});
  CHECK(inverse.to_vector() == std::vector<std::int64_t>{2, 1, 2, 0});
  CHECK(counts.to_vector() == std::vector<std::int64_t>{1, 1, 2});
  CHECK(tl::unique(tl::alias(x, {4, 2}, {1, 4}, 0), 0).output.to_vector() == std::vector<double>{1, 1, 1, 3, 2, 0});
}

TEST_CASE("each NaN is unique, and nothing has no elements", "[ops][sort]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto [values, inverse, counts] = tl::unique(Real({4}, {nan, 1, nan, 1}));
  CHECK(values.numel() == 3);
  CHECK(values.data()[0] == 1);
  CHECK(inverse.to_vector() == std::vector<std::int64_t>{1, 0, 2, 0});
  CHECK(tl::unique(tl::empty<float>({0, 3})).output.sizes() == tl::Shape{0});
  CHECK(tl::unique(tl::empty<float>({0, 3}), 0).output.sizes() == tl::Shape{0, 3});
  CHECK_THROWS_AS(tl::unique(tl::empty<float>({2, 0}), 0), tl::ShapeError);
  CHECK(tl::unique(Real::from(std::vector<double>{7}, {})).output.to_vector() == std::vector<double>{7});
}

TEST_CASE("searchsorted and bucketize count what comes before", "[ops][sort]") {
  const tl::Tensor<float> sorted({5}, {1, 3, 3, 5, 9}), values({2, 3}, {0, 3, 9, 4, 10, 3});
  for (const bool right : {false, true}) {
    std::vector<std::int64_t> want;
    for (const float v : values.to_vector()) {
      std::int64_t n = 0;
      for (const float s : sorted.to_vector()) n += s < v || (right && s == v) ? 1 : 0;
      want.push_back(n);
    }
    CHECK(tl::searchsorted(sorted, values, right).to_vector() == want);
    CHECK(tl::bucketize(values, sorted, right).to_vector() == want);
  }
  CHECK(tl::searchsorted(sorted, 4.0f).item() == 3);
  const tl::Tensor<std::int64_t> rows({2, 2}, {1, 5, 2, 3}), wanted({2, 1}, {4, 4});
  CHECK(tl::searchsorted(rows, wanted).to_vector() == std::vector<std::int64_t>{1, 2});
  CHECK(tl::searchsorted(tl::empty<float>({0}), values).to_vector() == std::vector<std::int64_t>(6));
  CHECK_THROWS_AS(tl::searchsorted(rows, tl::Tensor<std::int64_t>({3, 1}, {1, 2, 3})), tl::ShapeError);
  CHECK_THROWS_AS(tl::searchsorted(sorted, values, false, Index({5}, {0, 1, 2, 3, 5})), tl::IndexError);
  CHECK_THROWS_AS(tl::searchsorted(sorted, values, false, Index({2}, {0, 1})), tl::ShapeError);
}

TEST_CASE("isin compares in the dtype that holds both, and NaN is in nothing", "[ops][sort]") {
  const tl::Tensor<std::int32_t> x({2, 2}, {1, 2, 3, 4});
  CHECK(tl::isin(x, Real({3}, {2, 4.5, 3})).to_vector() == std::vector<bool>{false, true, true, false});
  CHECK(tl::isin(x, Real({1}, {4}), true).to_vector() == std::vector<bool>{true, true, true, false});
  CHECK(tl::isin(x, tl::empty<double>({0})).to_vector() == std::vector<bool>(4, false));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(tl::isin(Real({2}, {nan, 1}), Real({2}, {nan, 1})).to_vector() == std::vector<bool>{false, true});
}
