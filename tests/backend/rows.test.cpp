// SPDX-License-Identifier: BSD-3-Clause
// Kernels over rows of every length that ends within a vector, against sums in double.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/loss.hpp>
#include <torchlite/backend/cpu/norm.hpp>
#include <torchlite/backend/cpu/softmax.hpp>

#include <cmath>
#include <vector>

namespace tl = torchlite;
namespace be = torchlite::backend;

namespace {

const std::int64_t lengths[] = {1, 2, 3, 10, 15, 16, 17, 31, 33, 64, 65, 100, 255, 1024, 1025, 2500};

template <class T>
std::vector<T> waves(std::int64_t n, double step, double scale) {
  std::vector<T> out;
  for (std::int64_t i = 0; i < n; ++i) out.push_back(static_cast<T>(scale * std::sin(step * static_cast<double>(i * i % 1009))));
  return out;
}
template <class T>
double tolerance = sizeof(T) == 2   ? 2e-3
                   : sizeof(T) == 4 ? 2e-6
                                    : 1e-13;
template <class T>
double number(T x) {
  return static_cast<double>(static_cast<tl::register_t<T>>(x));
}

/// f() with one thread and with two: the same bits.
template <class F>
auto by_any_threads(F f) {
  const int threads = tl::get_num_threads();
  tl::set_num_threads(1);
  const auto one = f();
  tl::set_num_threads(2);
  const auto two = f();
  tl::set_num_threads(threads);
  REQUIRE(one.size() == two.size());
  for (std::size_t i = 0; i < one.size(); ++i) REQUIRE(number(one[i]) == number(two[i]));
  return one;
}

}  // namespace

TEMPLATE_TEST_CASE("softmax of rows of any length and step, and its gradient", "[backend][rows]", float, double, tl::half) {
  using T = TestType;
  for (const std::int64_t n : lengths)
    for (const std::int64_t inner : {1, 3, 16, 70, 128}) {
      const be::RowLayout rows{inner > 3 ? 2 : 4 + 20000 / n / 4, n, inner};
      const std::int64_t size = rows.count() * n;
      const auto x = waves<T>(size, 0.7, 5), g = waves<T>(size, 0.3, 1);
      std::vector<T> log_y;
      const auto y = by_any_threads([&] {
        std::vector<T> out(x.size());
        log_y.assign(x.size(), T{});
        be::softmax_forward<false>(tl::Cpu{}, rows, x.data(), out.data());
        be::softmax_forward<true>(tl::Cpu{}, rows, x.data(), log_y.data());
        return out;
      });
      const auto dx = by_any_threads([&] {
        std::vector<T> out(x.size());
        be::softmax_backward<false>(tl::Cpu{}, rows, y.data(), g.data(), out.data());
        return out;
      });
      std::vector<T> log_dx(x.size());
      be::softmax_backward<true>(tl::Cpu{}, rows, log_y.data(), g.data(), log_dx.data());
      for (std::int64_t r = 0; r < rows.count(); ++r) {
        const auto at = [&](std::int64_t i) { return static_cast<std::size_t>(rows.first(r) + i * inner); };
        double sum = 0, product = 0, gradient = 0;
        for (std::int64_t i = 0; i < n; ++i) sum += std::exp(number(x[at(i)]));
        for (std::int64_t i = 0; i < n; ++i) product += number(g[at(i)]) * number(y[at(i)]), gradient += number(g[at(i)]);
        for (std::int64_t i = 0; i < n; ++i) {
          const double p = std::exp(number(x[at(i)])) / sum, e = tolerance<T>;
          REQUIRE(std::abs(number(y[at(i)]) - p) <= e);
          REQUIRE(std::abs(number(log_y[at(i)]) - std::log(p)) <= 10 * e);
          REQUIRE(std::abs(number(dx[at(i)]) - number(y[at(i)]) * (number(g[at(i)]) - product)) <= e);
          REQUIRE(std::abs(number(log_dx[at(i)]) - (number(g[at(i)]) - std::exp(number(log_y[at(i)])) * gradient)) <= 20 * e);
        }
      }
    }
}

TEST_CASE("softmax gives 0 for -inf, and NaN for a row with a NaN, in any place of a vector", "[backend][rows]") {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const std::int64_t n : {5, 16, 21, 70})
    for (std::int64_t place = 0; place < n; ++place) {
      std::vector<float> x = waves<float>(n, 0.9, 3), y(x.size());
      x[static_cast<std::size_t>(place)] = -infinity;
      be::softmax_forward<false>(tl::Cpu{}, {1, n, 1}, x.data(), y.data());
      double sum = 0;
      for (const float p : y) sum += static_cast<double>(p);
      CHECK(y[static_cast<std::size_t>(place)] == 0);
      CHECK(sum == Approx(1).epsilon(1e-5));
      x[static_cast<std::size_t>(place)] = std::numeric_limits<float>::quiet_NaN();
      be::softmax_forward<false>(tl::Cpu{}, {1, n, 1}, x.data(), y.data());
      for (const float p : y) CHECK(std::isnan(p));
    }
}

TEMPLATE_TEST_CASE("layer_norm of rows of any length, and its gradients", "[backend][rows]", float, double, tl::half) {
  using T = TestType;
  using R = tl::register_t<T>;
  for (const std::int64_t n : lengths) {
    const std::int64_t rows = n < 100 ? 131 : 35;
    const auto x = waves<T>(rows * n, 0.7, 2), g = waves<T>(rows * n, 0.3, 1), w = waves<T>(n, 1.3, 1), b = waves<T>(n, 0.2, 1);
    std::vector<R> means(static_cast<std::size_t>(rows)), rstds = means;
    const auto y = by_any_threads([&] {
      std::vector<T> out(x.size());
      be::layer_norm_forward(tl::Cpu{}, rows, n, 0.1, x.data(), w.data(), b.data(), out.data(), means.data(), rstds.data());
      return out;
    });
    std::vector<T> dx(x.size());
    const auto sums = by_any_threads([&] {  // the gradients of weight and bias
      std::vector<T> out(2 * w.size());
      be::layer_norm_backward(tl::Cpu{}, rows, n, x.data(), w.data(), means.data(), rstds.data(), g.data(), dx.data(), out.data(),
                              out.data() + n);
      return out;
    });
    std::vector<double> dw(w.size()), db(w.size());
    const double size = static_cast<double>(n);
    for (std::int64_t r = 0; r < rows; ++r) {
      const T *const xr = x.data() + r * n, *const gr = g.data() + r * n;
      double mean = 0, variance = 0, along = 0, shift = 0;
      for (std::int64_t i = 0; i < n; ++i) mean += number(xr[i]) / size;
      for (std::int64_t i = 0; i < n; ++i) variance += (number(xr[i]) - mean) * (number(xr[i]) - mean) / size;
      const double rstd = 1 / std::sqrt(variance + 0.1);
      const auto weight = [&](std::int64_t i) { return number(w[static_cast<std::size_t>(i)]); };
      const auto normal = [&](std::int64_t i) { return (number(xr[i]) - mean) * rstd; };
      for (std::int64_t i = 0; i < n; ++i) {
        along += number(gr[i]) * weight(i) * normal(i) / size;
        shift += number(gr[i]) * weight(i) / size;
        dw[static_cast<std::size_t>(i)] += number(gr[i]) * normal(i);
        db[static_cast<std::size_t>(i)] += number(gr[i]);
      }
      for (std::int64_t i = 0; i < n; ++i) {
        const std::size_t at = static_cast<std::size_t>(r * n + i);
        const double e = 10 * tolerance<T>;
        REQUIRE(std::abs(number(y[at]) - (normal(i) * weight(i) + number(b[static_cast<std::size_t>(i)]))) <= e);
        REQUIRE(std::abs(number(dx[at]) - rstd * (number(gr[i]) * weight(i) - shift - normal(i) * along)) <= e);
      }
    }
    for (std::size_t i = 0; i < w.size(); ++i) {
      REQUIRE(std::abs(number(sums[i]) - dw[i]) <= 200 * tolerance<T>);
      REQUIRE(std::abs(number(sums[w.size() + i]) - db[i]) <= 200 * tolerance<T>);
    }
  }
}

TEST_CASE("layer_norm's gradients without a weight, each alone", "[backend][rows]") {
  const std::int64_t rows = 5, n = 21;
  const auto x = waves<double>(rows * n, 0.7, 2), g = waves<double>(rows * n, 0.3, 1);
  const std::vector<double> ones(n, 1.0);
  std::vector<double> y(x.size()), means(rows), rstds(rows), dx(x.size()), dw(n), db(n), alone(x.size()), none;
  be::layer_norm_forward<double>(tl::Cpu{}, rows, n, 0.1, x.data(), nullptr, nullptr, y.data(), means.data(), rstds.data());
  const auto backward = [&](const double* w, double* to_x, double* to_w, double* to_b) {
    be::layer_norm_backward(tl::Cpu{}, rows, n, x.data(), w, means.data(), rstds.data(), g.data(), to_x, to_w, to_b);
  };
  backward(ones.data(), dx.data(), dw.data(), db.data());
  backward(nullptr, alone.data(), nullptr, nullptr);
  CHECK(alone == dx);
  std::vector<double> w_alone(n), b_alone(n);
  backward(nullptr, nullptr, w_alone.data(), b_alone.data());
  CHECK(w_alone == dw);
  CHECK(b_alone == db);
  be::layer_norm_backward<double>(tl::Cpu{}, 0, n, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, w_alone.data(), nullptr);
  CHECK(w_alone == std::vector<double>(n, 0.0));
}

TEMPLATE_TEST_CASE("cross_entropy of rows of any length, and its gradient", "[backend][rows]", float, double) {
  using T = TestType;
  for (const std::int64_t n : lengths)
    for (const double smoothing : {0.0, 0.25}) {
      const be::RowLayout rows{33, n, n % 2 == 0 ? 1 : 2};
      const std::int64_t count = rows.count();
      const auto x = waves<T>(count * n, 0.7, 4), w = waves<T>(n, 0.05, 1);
      std::vector<std::int64_t> target;
      for (std::int64_t r = 0; r < count; ++r) target.push_back(r % 7 == 3 ? -100 : r * 13 % n);
      be::ClassLossArguments<T> a;
      a.outer = rows.outer, a.classes = n, a.inner = rows.inner, a.x = x.data(), a.target = target.data(), a.weight = w.data();
      a.smoothing = smoothing, a.reduction = tl::Reduction::none;
      std::vector<T> lse(static_cast<std::size_t>(count));
      T total = 0;
      const auto losses = by_any_threads([&] {
        std::vector<T> out(lse.size());
        be::class_loss_forward<true>(tl::Cpu{}, "cross_entropy", a, out.data(), lse.data(), &total);
        return out;
      });
      const auto g = waves<T>(count, 0.4, 1);
      const auto dx = by_any_threads([&] {
        std::vector<T> out(x.size());
        be::class_loss_backward<true>(tl::Cpu{}, a, g.data(), lse.data(), &total, out.data());
        return out;
      });
      const double e = 20 * tolerance<T>, each = smoothing / static_cast<double>(n);
      for (std::int64_t r = 0; r < count; ++r) {
        const std::int64_t t = target[static_cast<std::size_t>(r)];
        const auto at = [&](std::int64_t i) { return static_cast<std::size_t>(rows.first(r) + i * rows.inner); };
        const auto q = [&](std::int64_t c) {
          return t < 0 ? 0.0 : number(w[static_cast<std::size_t>(c)]) * (each + (c == t ? 1 - smoothing : 0));
        };
        double sum = 0, loss = 0, mass = 0;
        for (std::int64_t c = 0; c < n; ++c) sum += std::exp(number(x[at(c)]));
        for (std::int64_t c = 0; c < n; ++c) loss -= q(c) * (number(x[at(c)]) - std::log(sum)), mass += q(c);
        REQUIRE(std::abs(number(losses[static_cast<std::size_t>(r)]) - loss) <= e);
        for (std::int64_t c = 0; c < n; ++c)
          REQUIRE(std::abs(number(dx[at(c)]) - number(g[static_cast<std::size_t>(r)]) * (std::exp(number(x[at(c)])) / sum * mass - q(c))) <=
                  e);
      }
    }
}

TEST_CASE("a NaN that comes back into cross_entropy fills the gradient", "[backend][rows]") {
  const auto x = waves<float>(2 * 20, 0.7, 4);
  const std::int64_t target[] = {3, 19};
  be::ClassLossArguments<float> a;
  a.outer = 2, a.classes = 20, a.x = x.data(), a.target = target;
  std::vector<float> dx(40), lse(2);
  float loss = 0, total = 0;
  be::class_loss_forward<true>(tl::Cpu{}, "cross_entropy", a, &loss, lse.data(), &total);
  CHECK(total == 2);
  const float g = std::numeric_limits<float>::quiet_NaN();
  be::class_loss_backward<true>(tl::Cpu{}, a, &g, lse.data(), &total, dx.data());
  for (const float d : dx) CHECK(std::isnan(d));
}

TEMPLATE_TEST_CASE("powers of e by vectors are off by 1.2 ulp at most, 0 where they would be denormal", "[backend][rows]", float, double) {
  using T = TestType;
  const auto power = [](T d) {
    T lanes[be::vector_lanes<T>];
    be::store_vector(lanes, be::exp_below_zero<T>(be::vector_register<T>{} + d));
    for (const T lane : lanes) CHECK((lane == lanes[0] || d != d));
    return lanes[0];
  };
  const double lowest = sizeof(T) == 4 ? -87 : -700;
  double worst = 0;
  for (int i = 0; i <= 4000; ++i) {
    const T d = static_cast<T>(lowest * i / 4000);
    const long double exact = std::exp(static_cast<long double>(d)), off = std::fabs(static_cast<long double>(power(d)) - exact);
    worst = std::max(worst, static_cast<double>(off / std::ldexp(1.0L, std::ilogb(exact) + 1 - std::numeric_limits<T>::digits)));
  }
  CHECK(worst < 1.2);
  CHECK(power(T(0)) == T(1));
  CHECK(power(static_cast<T>(lowest - 1)) == T(0));
  CHECK(power(-std::numeric_limits<T>::infinity()) == T(0));
  CHECK(std::isnan(power(std::numeric_limits<T>::quiet_NaN())));
}
