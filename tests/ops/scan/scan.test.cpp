// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/scan/cummax.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/scan/logcumsumexp.hpp>

#include <algorithm>

using namespace samples;

namespace {
/// A hash of i in [-1, 1).
double noise(std::int64_t i) { return 2 * golden::uniform(11, static_cast<std::uint64_t>(i)) - 1; }
Real noise_tensor(const tl::Shape& sizes) {
  Real t = tl::empty<double>(sizes);
  for (std::int64_t i = 0; i < t.numel(); ++i) t.data()[i] = noise(i);
  return t;
}
Real transposed(const Real& t) { return tl::alias(t, {t.sizes()[1], t.sizes()[0]}, {t.strides()[1], t.strides()[0]}, 0); }
/// fold(state, element) along one dimension, element by element.
template <class F>
std::vector<double> scanned(const Real& x, int axis, double start, F fold) {
  const std::vector<double> values = x.to_vector();
  std::int64_t inner = 1;
  for (int d = axis + 1; d < x.dim(); ++d) inner *= x.sizes()[d];
  const std::int64_t n = x.sizes()[axis];
  std::vector<double> out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t at = static_cast<std::int64_t>(i) / inner % n;
    out[i] = fold(at == 0 ? start : out[i - static_cast<std::size_t>(inner)], values[i]);
  }
  return out;
}
const double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("scans along any dimension of any layout equal loops", "[ops][scan]") {
  for (const Real& x : {noise_tensor({3, 70, 5}), noise_tensor({1, 1, 300}), noise_tensor({4, 1, 130}), transposed(noise_tensor({70, 9}))})
    for (int axis = 0; axis < x.dim(); ++axis) {
      INFO("shape " << x.sizes().str() << ", dimension " << axis);
      CHECK(golden::difference(elements(tl::cumsum(x, axis)), scanned(x, axis, 0, [](double s, double v) { return s + v; })) < 1e-13);
      CHECK(golden::difference(elements(tl::cumprod(x, axis)), scanned(x, axis, 1, [](double s, double v) { return s * v; })) < 1e-13);
      const auto largest = scanned(x, axis, -2, [](double s, double v) { return std::max(s, v); });
      CHECK(elements(tl::cummax(x, axis).values) == largest);
      const auto smallest = scanned(x, axis, 2, [](double s, double v) { return std::min(s, v); });
      CHECK(elements(tl::cummin(x, axis).values) == smallest);
      const auto logs = scanned(x, axis, -infinity, [](double s, double v) { return std::log(std::exp(s) + std::exp(v)); });
      CHECK(golden::difference(elements(tl::logcumsumexp(x, axis)), logs) < 1e-13);
    }
}

TEST_CASE("running sums and products of integers and bool are int64, those of half are carried in more", "[ops][scan]") {
  const tl::Tensor<std::int8_t> x({3}, {100, 100, -3});
  CHECK(tl::cumsum(x, 0).to_vector() == std::vector<std::int64_t>{100, 200, 197});
  CHECK(tl::cumprod(x, 0).to_vector() == std::vector<std::int64_t>{100, 10000, -30000});
  CHECK(tl::cumsum(Mask({3}, {true, false, true}), 0).to_vector() == std::vector<std::int64_t>{1, 1, 2});
  CHECK(tl::cummax(x, 0).indices.to_vector() == std::vector<std::int64_t>{0, 1, 1});  // the last of equals
  CHECK(tl::cumsum<double>(x, 0).to_vector()[2] == 197);
  CHECK(tl::cumprod<float>(x, 0).to_vector()[1] == 10000);
  tl::Tensor<tl::half> ones = tl::empty<tl::half>({4000});
  tl::fill_elements(ones, tl::half(1.0f));
  CHECK(static_cast<float>(tl::cumsum(ones, 0).to_vector()[3999]) == 4000);  // 2048 + 1 is 2048 in half
  const auto logs = tl::logcumsumexp(tl::Tensor<float>({2}, {1, 1}), 0).to_vector();
  CHECK(static_cast<double>(logs[1]) == Approx(1 + std::log(2.0)));
}

TEST_CASE("the gradient of cumprod is right with any number of zeros, at second order too", "[ops][scan]") {
  for (const int zeros : {0, 1, 2, 3}) {
    Real x = noise_tensor({2, 5});
    for (int i = 0; i < zeros; ++i) x.data()[1 + 2 * i] = 0;
    x.requires_grad_();
    const Real weights = noise_tensor({2, 5}) + 2.0;
    tl::sum(tl::cumprod(x, 1) * weights).backward();
    for (int row = 0; row < 2; ++row)
      for (int k = 0; k < 5; ++k) {
        double want = 0;
        for (int i = k; i < 5; ++i) {
          double others = weights.data()[5 * row + i];
          for (int j = 0; j <= i; ++j)
            if (j != k) others *= x.data()[5 * row + j];
          want += others;
        }
        REQUIRE(x.grad().data()[5 * row + k] == Approx(want).margin(1e-14));
      }
    CHECK(tl::gradgradcheck([](const auto& t) { return tl::cumprod(t, 1); }, x));
    CHECK(tl::gradgradcheck([](const auto& t) { return tl::cumprod(t, 0); }, x));
  }
}

TEST_CASE("running log-sums neither overflow nor lose what is small, and their gradients are weights", "[ops][scan]") {
  const Real x({5}, {-infinity, -infinity, 1000, -1000, 1001});
  x.requires_grad_();
  const Real y = tl::logcumsumexp(x, 0);
  CHECK(golden::difference(elements(y), {-infinity, -infinity, 1000, 1000, 1001 + std::log1p(std::exp(-1.0))}) < 1e-15);
  y.backward(Real({5}, {0, 0, 0, 0, 1}));
  CHECK(golden::difference(elements(x.grad()), {0, 0, std::exp(-1.0) / (1 + std::exp(-1.0)), 0, 1 / (1 + std::exp(-1.0))}) < 1e-14);
  const Real z = noise_tensor({3, 6}) * 5.0;
  z.requires_grad_();
  CHECK(tl::gradgradcheck([](const auto& t) { return tl::logcumsumexp(t, 1); }, z));
  CHECK(std::isnan(tl::logcumsumexp(Real({2}, {std::nan(""), 1}), 0).to_vector()[1]));
  CHECK(tl::logcumsumexp(Real({2}, {infinity, 1}), 0).to_vector()[1] == infinity);
}

TEST_CASE("from a NaN on, running extremes are NaN", "[ops][scan]") {
  const Real x({5}, {1, std::nan(""), 7, std::nan(""), 2});
  const auto [values, indices] = tl::cummin(x, 0);
  CHECK(values.data()[0] == 1);
  for (int i = 1; i < 5; ++i) CHECK(std::isnan(values.data()[i]));
  CHECK(indices.to_vector() == std::vector<std::int64_t>{0, 1, 1, 3, 3});
}

TEST_CASE("scans of tensors without dimensions, of one element and of none", "[ops][scan]") {
  const Real point = Real::from(std::vector<double>{3}, {});
  point.requires_grad_();
  tl::Tensor<double>(tl::cumprod(point, 0) * 2 + tl::logcumsumexp(point, -1) + tl::cummax(point, 0).values).backward();
  CHECK(point.grad().item() == 4);
  const Real nothing = tl::empty<double>({2, 0});
  nothing.requires_grad_();
  for (const int axis : {0, 1}) {
    CHECK(tl::cumsum(nothing, axis).sizes() == tl::Shape{2, 0});
    CHECK(tl::cummax(nothing, axis).indices.sizes() == tl::Shape{2, 0});
    tl::sum(tl::cumprod(nothing, axis)).backward();
    CHECK(nothing.grad().sizes() == tl::Shape{2, 0});
  }
  CHECK_THROWS_AS(tl::cumprod(point, 1), tl::IndexError);
}
