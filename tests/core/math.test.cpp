// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/core/math.hpp>

#include <cmath>
#include <cstring>
#include <limits>

namespace m = torchlite::math;

namespace {

// The error of `got` in units of the last place of the correctly rounded value; a wrong special case is a huge one.
template <class T>
double ulp(T got, long double expected) {
  const T rounded = static_cast<T>(expected);
  if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) == std::isnan(got) ? 0 : 1e30;
  if (std::isinf(rounded) || std::isinf(got)) {
    const long double edge = std::numeric_limits<T>::max() * 0.9999995L;
    const bool at_the_edge = std::abs(static_cast<long double>(got)) >= edge && std::abs(static_cast<long double>(rounded)) >= edge &&
                             (got > 0) == (rounded > 0);
    return got == rounded ? 0 : (at_the_edge ? 1 : 1e30);
  }
  if (rounded == 0 && got == 0) return std::signbit(got) == std::signbit(rounded) ? 0 : 1e30;
  int exponent;
  std::frexp(rounded, &exponent);
  exponent = std::max(exponent, std::numeric_limits<T>::min_exponent);
  return static_cast<double>(std::abs(got - expected) / std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits));
}

// All floats with a stride, which takes in both signs, denormals, infinities and NaN; then a dense sweep of the usual range.
template <class F, class R>
double worst_float(F f, R reference, float low, float high) {
  double worst = 0;
  const auto look = [&](float x) { worst = std::max(worst, ulp<float>(f(x), reference(x))); };
  for (std::uint64_t b = 0; b < 0x100000000ull; b += 65521) look(m::from_bits(static_cast<std::uint32_t>(b)));
  for (int i = 0; i <= 20000; ++i) look(low + (high - low) * (static_cast<float>(i) / 20000));
  for (float x : {0.0f, -0.0f, INFINITY, -INFINITY, NAN, 1.0f, -1.0f, 0.5f, 2.0f, 1e-45f, -1e-45f, 1.17549435e-38f, 3.4028235e38f,
                  -3.4028235e38f, 88.72283f, 88.72284f, -87.33655f, -103.97f, -104.5f})
    look(x);
  return worst;
}

template <class F, class R>
double worst_double(F f, R reference, double low, double high) {
  double worst = 0;
  const auto look = [&](double x) { worst = std::max(worst, ulp<double>(f(x), reference(static_cast<long double>(x)))); };
  for (int i = 0; i <= 20000; ++i) look(low + (high - low) * (i / 20000.0));
  for (int e = -1073; e < 1000; e += 3) {
    const double x = std::ldexp(1.37, e);
    if (x <= high) look(x);
    if (-x >= low) look(-x);
  }
  for (double x : {0.0, -0.0, double(NAN), 1.0, -1.0, 5e-324, -5e-324, 2.2250738585072014e-308}) look(x);
  return worst;
}

}  // namespace

// A reference in double is right to within 1e-8 ulp of a float.
#define CHECK_FLOAT(f, bound, low, high) \
  CHECK(worst_float([](float x) { return m::f(x); }, [](float x) -> long double { return std::f(double(x)); }, low, high) <= (bound))
#define CHECK_DOUBLE(f, bound, low, high) \
  CHECK(worst_double([](double x) { return m::f(x); }, [](long double x) { return std::f(x); }, low, high) <= (bound))

TEST_CASE("exponentials and logarithms of float are within 2 ulp everywhere", "[core][math]") {
  CHECK_FLOAT(exp, 1.2, -105, 89);
  CHECK_FLOAT(expm1, 1.5, -2, 2);
  CHECK_FLOAT(exp2, 1.2, -150, 128);
  CHECK_FLOAT(log, 1.0, 0.3f, 3);
  CHECK_FLOAT(log1p, 1.6, -0.99f, 3);
  CHECK_FLOAT(log2, 2.0, 0.3f, 3);
  CHECK_FLOAT(log10, 2.2, 0.3f, 3);
  const auto sigmoid = [](float x) -> long double { return 1 / (1 + std::exp(-static_cast<long double>(x))); };
  CHECK(worst_float([](float x) { return m::sigmoid(x); }, sigmoid, -20, 20) <= 2.5);
}

TEST_CASE("hyperbolic functions of float are within a few ulp everywhere", "[core][math]") {
  CHECK_FLOAT(tanh, 2.4, -12, 12);
  CHECK_FLOAT(sinh, 2.5, -10, 90);
  CHECK_FLOAT(cosh, 2.0, -90, 90);
  CHECK_FLOAT(asinh, 2.5, -5, 5);
  CHECK_FLOAT(acosh, 3.0, 1, 5);
  CHECK_FLOAT(atanh, 2.5, -1, 1);
}

TEST_CASE("trigonometric functions of float are right for every float, however large", "[core][math]") {
  CHECK_FLOAT(sin, 2.0, -1e5f, 1e5f);
  CHECK_FLOAT(cos, 2.0, -100, 100);
  CHECK_FLOAT(tan, 4.0, -20, 20);
  CHECK_FLOAT(asin, 3.0, -1, 1);
  CHECK_FLOAT(acos, 2.0, -1, 1);
  CHECK_FLOAT(atan, 2.0, -3, 3);
  // The float nearest to a multiple of pi/2: 16367173 * 2^72 leaves 1.6e-9.
  const float hard = std::ldexp(16367173.0f, 72);
  CHECK(ulp<float>(m::cos(hard), std::cos(double(hard))) < 2.0);
}

TEST_CASE("error functions of float are within 2 ulp", "[core][math]") {
  CHECK_FLOAT(erf, 1.6, -4, 4);
  CHECK_FLOAT(erfc, 1.0, -4, 11);
}

TEST_CASE("the functions of double are within 3 ulp", "[core][math]") {
  CHECK_DOUBLE(exp, 1.5, -750.0, 710.0);
  CHECK_DOUBLE(expm1, 1.5, -5.0, 5.0);
  CHECK_DOUBLE(exp2, 1.5, -1080.0, 1024.0);
  CHECK_DOUBLE(log, 1.2, 0.0, 1e300);
  CHECK_DOUBLE(log, 1.2, 0.3, 3.0);
  CHECK_DOUBLE(log1p, 1.7, -0.99, 1e300);
  CHECK_DOUBLE(log1p, 1.7, -0.9, 2.0);
  CHECK_DOUBLE(tanh, 2.4, -22.0, 22.0);
  CHECK_DOUBLE(erf, 1.8, -6.5, 6.5);
  CHECK_DOUBLE(sin, 2.5, -1e6, 1e6);
  CHECK_DOUBLE(cos, 2.5, -100.0, 100.0);
  CHECK(worst_double([](double x) { return m::sigmoid(x); }, [](long double x) { return 1 / (1 + std::exp(-x)); }, -800.0, 800.0) <= 2.5);
}

TEST_CASE("infinity, NaN and signed zero go through double functions as through libm", "[core][math]") {
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(m::exp(infinity) == infinity);
  CHECK(m::exp(-infinity) == 0.0);
  CHECK(m::expm1(-infinity) == -1.0);
  CHECK(m::expm1(infinity) == infinity);
  CHECK(m::log(0.0) == -infinity);
  CHECK(m::log(-0.0) == -infinity);
  CHECK(m::log(infinity) == infinity);
  CHECK(std::isnan(m::log(-1.0)));
  CHECK(std::isnan(m::log(-infinity)));
  CHECK(m::log1p(-1.0) == -infinity);
  CHECK(m::log1p(infinity) == infinity);
  CHECK(std::isnan(m::log1p(-1.5)));
  CHECK(m::tanh(infinity) == 1.0);
  CHECK(m::tanh(-infinity) == -1.0);
  CHECK(m::sigmoid(infinity) == 1.0);
  CHECK(m::sigmoid(-infinity) == 0.0);
  CHECK(m::erf(-infinity) == -1.0);
  CHECK(std::isnan(m::sin(infinity)));
  CHECK(std::isnan(m::cos(-infinity)));
  const auto single = static_cast<float>(infinity), single_nan = static_cast<float>(nan);
  CHECK(m::exp(single) == single);
  CHECK(m::exp(-single) == 0.0f);
  CHECK(m::exp2(single) == single);
  CHECK(m::exp2(-single) == 0.0f);
  CHECK(m::expm1(single) == single);
  CHECK(m::expm1(-single) == -1.0f);
  CHECK(m::tanh(-single) == -1.0f);
  CHECK(m::sigmoid(single) == 1.0f);
  CHECK(m::sigmoid(-single) == 0.0f);
  CHECK(m::sigmoid(-100.0f) == std::exp(-100.0f));
  CHECK(m::erf(single) == 1.0f);
  for (float r :
       {m::exp(single_nan), m::exp2(-single_nan), m::expm1(single_nan), m::tanh(single_nan), m::sigmoid(-single_nan), m::erf(single_nan)})
    CHECK(std::isnan(r));
  for (float r : {m::expm1(-0.0f), m::tanh(-0.0f), m::erf(-0.0f)}) CHECK(std::signbit(r));
  for (double r :
       {m::exp(nan), m::expm1(nan), m::log(nan), m::log1p(nan), m::tanh(nan), m::sigmoid(nan), m::erf(nan), m::sin(nan), m::cos(nan)})
    CHECK(std::isnan(r));
  for (double r : {m::expm1(-0.0), m::log1p(-0.0), m::tanh(-0.0), m::erf(-0.0), m::sin(-0.0)}) {
    CHECK(r == 0.0);
    CHECK(std::signbit(r));
  }
}

TEST_CASE("pow, atan2 and hypot agree with libm on every pair of special values", "[core][math]") {
  const float values[] = {0.0f,  -0.0f,  1.0f,   -1.0f, 2.0f,   -2.0f, 3.0f,   -3.0f, 0.5f,     -0.5f,     2.5f, -2.5f,
                          1e30f, 1e-30f, 1e-44f, 7.0f,  -1e30f, 1e9f,  0.999f, 1.01f, INFINITY, -INFINITY, NAN,  16777217.0f};
  for (float a : values)
    for (float b : values) {
      INFO(a << ", " << b);
      CHECK(ulp<float>(m::pow(a, b), std::pow(double(a), double(b))) <= 1.0);
      CHECK(ulp<float>(m::atan2(a, b), std::atan2(double(a), double(b))) <= 3.0);
      CHECK(ulp<float>(m::hypot(a, b), std::hypot(double(a), double(b))) <= 1.0);
    }
  double worst = 0;
  for (int i = 1; i < 200; ++i)
    for (int j = -100; j < 100; ++j) {
      const float x = static_cast<float>(i) * 0.0371f, y = static_cast<float>(j) * 0.137f;
      worst = std::max(worst, ulp<float>(m::pow(x, y), std::pow(double(x), double(y))));
    }
  CHECK(worst <= 0.6);
  CHECK(m::pow(3, 4) == 81);
  CHECK(m::pow(2, -1) == 0);
  CHECK(m::pow(-1, -3) == -1);
  CHECK(m::pow(std::int8_t(3), std::int8_t(5)) == std::int8_t(-13));
  CHECK(m::pow(0, 0) == 1);
}

TEST_CASE("maximum and minimum pass NaN on, fmax and fmin skip it", "[core][math]") {
  for (double a : {1.0, -2.0, 0.0})
    for (float n : {NAN, -NAN}) {
      const float x = static_cast<float>(a);
      CHECK(std::isnan(m::max(x, n)));
      CHECK(std::isnan(m::max(n, x)));
      CHECK(std::isnan(m::min(x, n)));
      CHECK(std::isnan(m::min(n, x)));
      CHECK(m::fmax(x, n) == x);
      CHECK(m::fmax(n, x) == x);
      CHECK(m::fmin(x, n) == x);
      CHECK(m::fmin(n, x) == x);
    }
  CHECK(m::max(3, -4) == 3);
  CHECK(m::min(3.0, -4.0) == -4.0);
  CHECK(m::select(true, 1.0f, NAN) == 1.0f);
  CHECK(m::select(false, INFINITY, 2.0f) == 2.0f);
  CHECK(std::isnan(m::fmax(NAN, NAN)));
}

TEST_CASE("rounding, signs and remainders follow PyTorch", "[core][math]") {
  CHECK(m::round(0.5f) == 0.0f);
  CHECK(m::round(1.5f) == 2.0f);
  CHECK(m::round(-2.5) == -2.0);
  CHECK(m::floor(-0.5) == -1.0);
  CHECK(m::ceil(-0.5f) == 0.0f);
  CHECK(m::trunc(-1.7f) == -1.0f);
  CHECK(m::frac(-1.25f) == -0.25f);
  CHECK(m::floor(7) == 7);
  CHECK(m::sign(-3.0f) == -1.0f);
  CHECK(m::sign(NAN) == 0.0f);
  CHECK(m::sign(7u) == 1u);
  CHECK(m::abs(std::int8_t(-128)) == std::int8_t(-128));
  CHECK(m::abs(-5) == 5);
  CHECK_FALSE(std::signbit(m::abs(-0.0f)));
  CHECK(m::copysign(3.0f, -0.0f) == -3.0f);
  CHECK(m::remainder(-3.0, 2.0) == 1.0);
  CHECK(m::remainder(3.0f, -2.0f) == -1.0f);
  CHECK(m::remainder(-3, 2) == 1);
  CHECK(m::remainder(std::numeric_limits<int>::min(), -1) == 0);
  CHECK(m::fmod(-3.0, 2.0) == -1.0);
  CHECK(m::floor_divide(-7, 2) == -4);
  CHECK(m::floor_divide(1.0, 0.1) == 9.0);
  CHECK(m::isnan(NAN));
  CHECK(m::isinf(-INFINITY));
  CHECK_FALSE(m::isfinite(NAN));
  CHECK(m::isfinite(3));
}

TEST_CASE("logaddexp neither overflows nor turns infinities into NaN", "[core][math]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(m::logaddexp(1000.0, 1000.0) == Approx(1000.0 + std::log(2.0)));
  CHECK(m::logaddexp(-1000.0f, 0.0f) == 0.0f);
  CHECK(m::logaddexp(-infinity, -infinity) == -infinity);
  CHECK(m::logaddexp(infinity, infinity) == infinity);
  CHECK(m::logaddexp(infinity, -infinity) == infinity);
  CHECK(m::logaddexp(0.3, 0.7) == Approx(std::log(std::exp(0.3) + std::exp(0.7))));
}

TEST_CASE("gamma functions and the inverse error function match closed forms", "[core][math]") {
  CHECK(m::lgamma(0.5) == Approx(0.5 * std::log(3.14159265358979324)).epsilon(1e-14));
  CHECK(std::isinf(m::lgamma(-2.0f)));
  constexpr double euler = 0.57721566490153286;
  CHECK(m::digamma(1.0) == Approx(-euler).epsilon(1e-14));
  CHECK(m::digamma(0.5) == Approx(-euler - 2 * std::log(2.0)).epsilon(1e-14));
  CHECK(m::digamma(-0.5) == Approx(2 - euler - 2 * std::log(2.0)).epsilon(1e-13));
  CHECK(m::digamma(10.0) == Approx(2.2517525890667211).epsilon(1e-14));
  CHECK(m::digamma(0.0) == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(m::digamma(-3.0)));
  CHECK(m::digamma(1e20f) == Approx(std::log(1e20)));
  for (double y : {1e-300, 1e-9, 9.9e-4, 1e-3, 0.1, 0.4999, 0.5, 0.9, 0.999999, 0.99999999999})
    for (double s : {1.0, -1.0}) {
      const double x = m::erfinv(s * y);
      INFO(y);
      CHECK(std::erf(x) == Approx(s * y).epsilon(4e-16));
      CHECK(std::erfc(std::abs(x)) == Approx(1.0 - y).epsilon(2e-14));
    }
  CHECK(m::erfinv(0.5) == Approx(0.47693627620446987).epsilon(1e-15));
  CHECK(m::erfinv(1.0f) == INFINITY);
  CHECK(m::erfinv(-1.0) == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(m::erfinv(1.1f)));
  CHECK(std::signbit(m::erfinv(-0.0)));
}
