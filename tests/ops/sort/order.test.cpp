// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/sort/kthvalue.hpp>
#include <torchlite/ops/sort/median.hpp>

#include <algorithm>

using namespace samples;

namespace {
Real noise_tensor(const tl::Shape& sizes) {
  Real t = tl::empty<double>(sizes);
  for (std::int64_t i = 0; i < t.numel(); ++i) t.data()[i] = 2 * golden::uniform(5, static_cast<std::uint64_t>(i)) - 1;
  return t;
}
/// Row i of the columns of a matrix, sorted.
std::vector<double> sorted_column(const Real& x, std::int64_t column) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < x.sizes()[0]; ++i) out.push_back(x.to_vector()[static_cast<std::size_t>(i * x.sizes()[1] + column)]);
  std::sort(out.begin(), out.end());
  return out;
}
const double nan_value = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("elements by rank equal those of a sorted row, in any layout", "[ops][sort]") {
  const Real x = noise_tensor({41, 3});
  const Real view = tl::alias(x, {3, 41}, {1, 3}, 0);
  const Real medians = tl::median(x, 0).values, transposed = tl::median(view, 1).values;
  for (std::int64_t c = 0; c < 3; ++c) {
    const std::vector<double> sorted = sorted_column(x, c);
    CHECK(medians.data()[c] == sorted[20]);
    CHECK(transposed.data()[c] == sorted[20]);
    for (const std::int64_t k : {1, 7, 41}) {
      const auto [values, indices] = tl::kthvalue(x, k, 0);
      CHECK(values.data()[c] == sorted[static_cast<std::size_t>(k - 1)]);
      CHECK(x.data()[indices.data()[c] * 3 + c] == values.data()[c]);
    }
  }
}

TEST_CASE("of an even number of elements the lower middle one is the median", "[ops][sort]") {
  CHECK(tl::median(Real({4}, {4, 1, 3, 2})).item() == 2);
  CHECK(tl::median(tl::Tensor<std::int32_t>({4}, {4, 1, 3, 2}), 0).indices.item() == 3);
}

TEST_CASE("a median is NaN where there is one, and a nanmedian where there is nothing else", "[ops][sort]") {
  const Real x({3, 3}, {1, nan_value, 3, 5, 4, 6, nan_value, nan_value, nan_value});
  const auto [values, indices] = tl::median(x, 1);
  CHECK(std::isnan(values.data()[0]));
  CHECK(indices.to_vector() == std::vector<std::int64_t>{1, 0, 0});
  CHECK(tl::nanmedian(x, 1).values.data()[0] == 1);
  CHECK(tl::nanmedian(x, 1).values.data()[1] == 5);
  CHECK(std::isnan(tl::nanmedian(x, 1).values.data()[2]));
  CHECK(std::isnan(tl::median(x).item()));
  CHECK(tl::nanmedian(x).item() == 4);
  CHECK(std::isnan(tl::median(tl::empty<float>({0})).item()));
  CHECK_THROWS_AS(tl::median(tl::empty<std::int64_t>({0})), tl::IndexError);
  CHECK_THROWS_AS(tl::median(tl::empty<double>({2, 0}), 1), tl::IndexError);
}

TEST_CASE("elements equal to the median of all share its gradient, along a dimension one has it", "[ops][sort]") {
  const Real x({5}, {2, 1, 2, 2, 7});
  x.requires_grad_();
  tl::median(x).backward();
  CHECK(golden::difference(elements(x.grad()), {1.0 / 3, 0, 1.0 / 3, 1.0 / 3, 0}) < 1e-15);
  x.zero_grad();
  tl::median(x, 0).values.backward();
  CHECK(tl::sum(x.grad()).item() == 1);
  const Real y({3}, {nan_value, 1, nan_value});
  y.requires_grad_();
  tl::median(y).backward();
  CHECK(y.grad().to_vector() == std::vector<double>{0.5, 0, 0.5});
}

TEST_CASE("the mode is the smallest of the most frequent elements, at its last place", "[ops][sort]") {
  const Real x({2, 6}, {3, 1, 3, 1, 2, 5, 4, 4, 0, 0, 0, 4});
  const auto [values, indices] = tl::mode(x, 1);
  CHECK(values.to_vector() == std::vector<double>{1, 0});
  CHECK(indices.to_vector() == std::vector<std::int64_t>{3, 4});
  CHECK(tl::mode(Mask({3}, {true, false, true})).values.item());
  CHECK_THROWS_AS(tl::mode(tl::empty<double>({0})), tl::IndexError);
}

TEST_CASE("sorting puts NaN last, keeps the order of equals and takes every dtype", "[ops][sort]") {
  const Real x({5}, {2, nan_value, -infinity, 2, infinity});
  CHECK(tl::argsort(x).to_vector() == std::vector<std::int64_t>{2, 0, 3, 4, 1});
  CHECK(tl::argsort(x, 0, true).to_vector() == std::vector<std::int64_t>{1, 4, 0, 3, 2});
  CHECK(tl::topk(x, 2).indices.to_vector() == std::vector<std::int64_t>{1, 4});
  CHECK(tl::kthvalue(x, 5).indices.item() == 1);
  CHECK(tl::msort(tl::Tensor<std::int8_t>({3}, {3, -4, 1})).to_vector() == std::vector<std::int8_t>{-4, 1, 3});
  const tl::Tensor<tl::half> h({3}, {tl::half(3.0f), tl::half(-4.0f), tl::half(1.0f)});
  CHECK(static_cast<float>(tl::median(h).item()) == 1);
  CHECK(tl::sort(Mask({3}, {true, false, true})).indices.to_vector() == std::vector<std::int64_t>{1, 0, 2});
  CHECK(tl::kthvalue(Real::from(std::vector<double>{3}, {}), 1).values.item() == 3);
  CHECK_THROWS_WITH(tl::kthvalue(x, 6), ContainsSubstring("[1, 5]"));
}
