// SPDX-License-Identifier: BSD-3-Clause
// In-place forms of integers, special functions and functions with further numbers, against the C library and by hand.
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/inplace/pointwise.hpp>
#include <torchlite/ops/inplace/special.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>

#include <cmath>
#include <limits>

namespace tl = torchlite;
using Double = tl::Tensor<double>;
using Long = tl::Tensor<std::int64_t>;

TEST_CASE("integers in place: bits, divisors, shifts", "[ops][inplace]") {
  const auto k = [] { return Long({3}, {12, 18, 7}); };
  CHECK(tl::bitwise_and_(k(), 6).to_vector() == std::vector<std::int64_t>{4, 2, 6});
  CHECK(tl::bitwise_or_(k(), 1).to_vector() == std::vector<std::int64_t>{13, 19, 7});
  CHECK(tl::bitwise_xor_(k(), 5).to_vector() == std::vector<std::int64_t>{9, 23, 2});
  CHECK(tl::bitwise_not_(k()).to_vector() == std::vector<std::int64_t>{-13, -19, -8});
  CHECK(tl::bitwise_left_shift_(k(), 2).to_vector() == std::vector<std::int64_t>{48, 72, 28});
  CHECK(tl::bitwise_right_shift_(k(), Long({3}, {1, 2, 0})).to_vector() == std::vector<std::int64_t>{6, 4, 7});
  CHECK(tl::gcd_(k(), 6).to_vector() == std::vector<std::int64_t>{6, 6, 1});
  CHECK(tl::lcm_(k(), Long({1}, {4})).to_vector() == std::vector<std::int64_t>{12, 36, 28});
}

TEST_CASE("special functions in place, with their gradients", "[ops][inplace]") {
  const Double x = Double({2}, {0.4, 0.7}).requires_grad_();
  const Double y = x * 1.0;
  tl::lgamma_(y);
  tl::sum(y).backward();
  const double h = 1e-6;
  CHECK(y.to_vector()[0] == Approx(std::lgamma(0.4)));
  CHECK(x.grad().to_vector()[1] == Approx((std::lgamma(0.7 + h) - std::lgamma(0.7 - h)) / (2 * h)).epsilon(1e-7));
  const auto value = [](const Double& t) { return t.item(); };
  CHECK(value(tl::logit_(Double({}, {0.3}))) == Approx(std::log(0.3 / 0.7)));
  CHECK(value(tl::logit_(Double({}, {0.0}), 0.1)) == Approx(std::log(0.1 / 0.9)));
  CHECK(value(tl::erf_(tl::erfinv_(Double({}, {0.3})))) == Approx(0.3));
  CHECK(value(tl::xlogy_(Double({}, {3.0}), 2.0)) == Approx(3 * std::log(2.0)));
  CHECK(value(tl::polygamma_(Double({}, {1.0}), 1)) == Approx(1.6449340668482264));  // pi^2 / 6
  CHECK(value(tl::sinc_(Double({}, {0.5}))) == Approx(2 / 3.14159265358979324));
  CHECK(value(tl::igamma_(Double({}, {1.0}), Double({}, {2.0}))) == Approx(1 - std::exp(-2.0)));
  CHECK(value(tl::deg2rad_(Double({}, {180.0}))) == Approx(3.14159265358979324));
}

TEST_CASE("in-place forms with numbers that have defaults", "[ops][inplace]") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  CHECK(tl::nan_to_num_(Double({3}, {nan, inf, 1}), 5, 7).to_vector() == std::vector<double>{5, 7, 1});
  CHECK(tl::heaviside_(Double({3}, {-1, 0, 2}), Double({1}, {0.5})).to_vector() == std::vector<double>{0, 0.5, 1});
  CHECK(tl::nextafter_(Double({1}, {1}), 2.0).item() == std::nextafter(1.0, 2.0));
  CHECK(tl::round_(Double({1}, {2.345}), 1).item() == Approx(2.3));
  CHECK(tl::round_(Double({1}, {2.5})).item() == 2);
  CHECK(tl::nn::functional::hardtanh_(Double({2}, {-3, 0.5})).to_vector() == std::vector<double>{-1, 0.5});
}
