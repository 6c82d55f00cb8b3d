// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/sort/quantile.hpp>

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
}  // namespace

TEST_CASE("quantiles of a vector of fractions stand in front", "[ops][sort]") {
  const Real x = noise_tensor({10, 3}), q({3}, {0, 0.3, 1});
  const Real y = tl::quantile(x, q, {.dim = 0}), kept = tl::quantile(x, q, {.dim = 0, .keepdim = true});
  const std::vector<double> ys = y.to_vector(), ks = kept.to_vector();
  CHECK(y.sizes() == tl::Shape{3, 3});
  CHECK(kept.sizes() == tl::Shape{3, 1, 3});
  CHECK(ks == ys);
  for (std::int64_t c = 0; c < 3; ++c) {
    const std::vector<double> s = sorted_column(x, c);
    const double want[] = {s[0], s[2] + 0.7 * (s[3] - s[2]), s[9]};  // rank 0.3 * 9 = 2.7
    for (std::size_t i = 0; i < 3; ++i) CHECK(ys[3 * i + static_cast<std::size_t>(c)] == Approx(want[i]).epsilon(1e-14));
    using enum tl::Interpolation;
    const auto by = [&](tl::Interpolation way) {
      return tl::quantile(x, 0.3, {.dim = 0, .interpolation = way}).to_vector()[static_cast<std::size_t>(c)];
    };
    CHECK(by(lower) == s[2]);
    CHECK(by(higher) == s[3]);
    CHECK(by(nearest) == s[3]);
    CHECK(by(midpoint) == Approx((s[2] + s[3]) / 2));
  }
  CHECK(tl::quantile(x, q).sizes() == tl::Shape{3});
  CHECK(tl::quantile(x, q, {.keepdim = true}).sizes() == tl::Shape{3, 1, 1});
  q.requires_grad_();
  x.requires_grad_();
  CHECK(tl::gradcheck([](const auto& a, const auto& b) { return tl::quantile(a, b * 0.9 + 0.04, {.dim = 0}); }, x, q));
}

TEST_CASE("a quantile is NaN where there is one, nanquantile leaves it out", "[ops][sort]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Real x({2, 4}, {1, nan, 3, 2, 8, 6, 7, 5});
  const Real y = tl::quantile(x, 0.5, {.dim = 1}), z = tl::nanquantile(x, 0.5, {.dim = 1});
  CHECK(std::isnan(y.data()[0]));
  CHECK(y.data()[1] == 6.5);
  CHECK(tl::quantile(Real({4}, {4, 1, 3, 2}), 0.5).item() == 2.5);
  CHECK(z.to_vector() == std::vector<double>{2, 6.5});
  CHECK(std::isnan(tl::nanquantile(Real({1}, {nan}), 0.5).item()));
  CHECK(tl::quantile(tl::Tensor<float>({2}, {1, 2}), 0.25).item() == 1.25f);
  CHECK_THROWS_WITH(tl::quantile(x, 1.5), ContainsSubstring("[0, 1]"));
  CHECK_THROWS_AS(tl::quantile(tl::empty<double>({0}), 0.5), tl::ShapeError);
  CHECK_THROWS_AS(tl::quantile(x, Real({1, 1}, {0.5})), tl::ShapeError);
}
