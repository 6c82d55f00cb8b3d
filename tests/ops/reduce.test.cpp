// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/reduce/all.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/reduce/argmax.hpp>
#include <torchlite/ops/reduce/count_nonzero.hpp>
#include <torchlite/ops/reduce/max.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/nansum.hpp>
#include <torchlite/ops/reduce/prod.hpp>
#include <torchlite/ops/reduce/std.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace tl = torchlite;

namespace {
/// A hash of i in [-1, 1): exact in float.
float noise(std::int64_t i) {
  return static_cast<float>(static_cast<double>((static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15u) >> 41) / 4194304.0 - 1.0);
}

template <class T = float>
tl::Tensor<T> noise_tensor(const tl::Shape& sizes) {
  tl::Tensor<T> t = tl::empty<T>(sizes);
  for (std::int64_t i = 0; i < t.numel(); ++i) t.data()[i] = static_cast<T>(noise(i));
  return t;
}
tl::Tensor<float> permuted(const tl::Tensor<float>& t, const tl::Shape& order) {
  tl::Shape sizes, strides;
  for (std::int64_t d : order) sizes.push_back(t.sizes()[d]), strides.push_back(t.strides()[d]);
  return tl::alias(t, sizes, strides, 0);
}
}  // namespace

TEST_CASE("reductions over any dimensions of any layout equal loops in double", "[ops][reduce]") {
  const std::vector<tl::Shape> shapes = {{3, 5, 7, 11}, {2, 1, 300, 40}, {70, 33, 2, 1}};
  for (const tl::Shape& sizes : shapes)
    for (const tl::Shape& order : {tl::Shape{0, 1, 2, 3}, tl::Shape{3, 1, 0, 2}, tl::Shape{1, 0, 3, 2}}) {
      const tl::Tensor<float> x = permuted(noise_tensor(sizes), order);
      for (unsigned mask = 1; mask < 16; ++mask) {
        tl::Shape axes;
        for (int d = 0; d < 4; ++d)
          if ((mask >> d & 1u) != 0) axes.push_back(d);
        const tl::Tensor<float> sums = tl::sum(x, axes, true), tops = tl::amax(x, axes, true), means = tl::mean(tl::square(x), axes, true);
        std::vector<double> sum(static_cast<std::size_t>(sums.numel())), square(sum.size()), top(sum.size(), -2.0);
        const auto at = x.accessor<4>();
        std::int64_t count = 0;
        for (std::int64_t a = 0; a < at.sizes[0]; ++a)
          for (std::int64_t b = 0; b < at.sizes[1]; ++b)
            for (std::int64_t c = 0; c < at.sizes[2]; ++c)
              for (std::int64_t d = 0; d < at.sizes[3]; ++d) {
                const std::int64_t index[] = {a, b, c, d};
                std::int64_t o = 0;
                for (int k = 0; k < 4; ++k) o += (mask >> k & 1u) != 0 ? 0 : index[k] * sums.strides()[k];
                const double v = static_cast<double>(at(a, b, c, d));
                sum[static_cast<std::size_t>(o)] += v, square[static_cast<std::size_t>(o)] += v * v, ++count;
                top[static_cast<std::size_t>(o)] = std::max(top[static_cast<std::size_t>(o)], v);
              }
        const double each = static_cast<double>(count) / static_cast<double>(sums.numel());
        double worst = 0;
        for (std::size_t i = 0; i < sum.size(); ++i) {
          worst = std::max(worst, std::abs(sum[i] - static_cast<double>(sums.data()[i])) / (1 + each * 0.01));
          worst = std::max(worst, std::abs(square[i] / each - static_cast<double>(means.data()[i])));
          worst = std::max(worst, std::abs(top[i] - static_cast<double>(tops.data()[i])));
        }
        CHECK(worst < 1e-5);
      }
    }
}

TEST_CASE("a reduction takes its pointwise input along in one pass", "[ops][reduce]") {
  const tl::Tensor<float> a = noise_tensor({100, 30}), b = noise_tensor({30});
  const auto start = tl::kernel_count();
  const float total = tl::sum(tl::square(a - b)).item();
  CHECK(tl::kernel_count() - start == 1);
  double want = 0;
  for (int i = 0; i < 3000; ++i) want += std::pow(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i % 30]), 2);
  CHECK(static_cast<double>(total) == Approx(want).epsilon(1e-6));
}

TEST_CASE("the gradient of a sum of an expression is one node and one pass", "[ops][reduce]") {
  const tl::Tensor<double> x = noise_tensor<double>({20, 30});
  x.requires_grad_();
  const tl::Tensor<double> y = tl::mean(tl::square(x) * 3.0);
  const auto start = tl::kernel_count();
  y.backward();
  CHECK(tl::kernel_count() - start <= 3);  // ones, their scaling, the pass itself
  for (int i = 0; i < 600; ++i) REQUIRE(x.grad().data()[i] == Approx(x.data()[i] * 6 / 600).margin(1e-14));
}

TEST_CASE("a sum of ten million floats keeps its digits", "[ops][reduce]") {
  const tl::Tensor<float> x = tl::empty<float>({10'000'000});
  tl::fill_elements(x, 0.1f);
  CHECK(static_cast<double>(tl::sum(x).item()) == Approx(1e7 * static_cast<double>(0.1f)).epsilon(1e-7));
}

TEST_CASE("a sum of a hundred million floats is within ten float roundings, whatever the number of threads", "[ops][reduce]") {
  const std::int64_t n = 10'000;
  tl::Tensor<float> row = tl::empty<float>({n});
  double want = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    row.data()[i] = noise(i) + 1.5f;
    want += static_cast<double>(row.data()[i]) * static_cast<double>(n);
  }
  const tl::Tensor<float> x = tl::alias(row, {n, n}, {0, 1}, 0);  // the same row ten thousand times
  const int threads = tl::get_num_threads();
  std::vector<float> sums;
  for (const int count : {1, 4}) {
    tl::set_num_threads(count);
    sums.push_back(tl::sum(x).item());
  }
  tl::set_num_threads(threads);
  CHECK(sums[0] == sums[1]);
  CHECK(std::abs(static_cast<double>(sums[0]) - want) < 11 * std::ldexp(want, -24));  // ten, and one of the result
  const double in_double = tl::sum<double>(x).item();
  CHECK(std::abs(in_double - want) < 4e5 * std::ldexp(want, -53));
}

TEST_CASE("reductions do not depend on the number of threads", "[ops][reduce]") {
  const tl::Tensor<float> x = noise_tensor({1000, 700});
  const int threads = tl::get_num_threads();
  std::vector<float> results[2];
  for (int n : {1, 4}) {
    tl::set_num_threads(n);
    auto& r = results[n == 1 ? 0 : 1];
    r.push_back(tl::sum(x).item());
    for (int d = 0; d < 2; ++d)
      for (const tl::Tensor<float>& y : {tl::sum(tl::exp(x), d), tl::amax(x, d)}) r.insert(r.end(), y.data(), y.data() + y.numel());
  }
  tl::set_num_threads(threads);
  CHECK(results[0] == results[1]);
}

TEST_CASE("integers and bool are summed in int64", "[ops][reduce]") {
  const tl::Tensor<std::int8_t> x({3}, {100, 100, 100});
  const tl::Tensor<std::int64_t> total = tl::sum(x);
  CHECK(total.item() == 300);
  CHECK(tl::sum(tl::gt(noise_tensor({1000}), 0.0f)).item() == tl::count_nonzero(tl::gt(noise_tensor({1000}), 0.0f)).item());
  CHECK(tl::prod(x).item() == 1000000);
}

TEST_CASE("NaN is the maximum, and the first of equals is argmax", "[ops][reduce]") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  tl::Tensor<float> x = noise_tensor({3, 400});
  x.data()[700] = nan;
  x.data()[800 + 17] = x.data()[800 + 390] = 5;
  auto [values, indices] = tl::max(x, 1);
  CHECK(std::isnan(values.data()[1]));
  CHECK(indices.data()[1] == 300);
  CHECK(values.data()[2] == 5);
  CHECK(indices.data()[2] == 17);
  CHECK(std::isnan(tl::max(x).item()));
  CHECK(tl::argmax(x).item() == 700);
}

TEST_CASE("reductions of nothing: 0, 1, NaN, or an error that says why", "[ops][reduce]") {
  const tl::Tensor<float> x = tl::empty<float>({0, 3});
  CHECK(tl::sum(x).item() == 0);
  CHECK(tl::prod(x, 0).data()[2] == 1);
  CHECK(std::isnan(tl::mean(x).item()));
  CHECK(!tl::any(x).item());
  CHECK(tl::all(x).item());
  CHECK_THROWS_WITH(tl::max(x), ContainsSubstring("max") && ContainsSubstring("[0, 3]"));
  CHECK_THROWS_AS(tl::amax(x, 0), tl::IndexError);
  CHECK_THROWS_AS(tl::sum(x, 2), tl::IndexError);
  CHECK_THROWS_WITH(tl::sum(x, {0, -2}), ContainsSubstring("twice"));
}

TEST_CASE("equal maxima share the gradient of amax", "[ops][reduce]") {
  tl::Tensor<float> x({4}, {1, 3, 3, 2});
  x.requires_grad_();
  tl::amax(x).backward();
  CHECK(x.grad().to_vector() == std::vector<float>{0, 0.5f, 0.5f, 0});
}

TEST_CASE("half is reduced in float", "[ops][reduce]") {
  const tl::Tensor<tl::half> x = tl::empty<tl::half>({5000});
  tl::fill_elements(x, tl::half(1.0f));
  CHECK(static_cast<float>(tl::mean(x).item()) == 1);
  CHECK(static_cast<float>(tl::sum(x).item()) == 5000);
  CHECK(static_cast<float>(tl::amax(x * 2).item()) == 2);
}

TEST_CASE("second derivatives of reductions", "[ops][reduce]") {
  const tl::Tensor<double> x = noise_tensor<double>({3, 4});
  x.requires_grad_();
  CHECK(tl::gradgradcheck([](const auto& t) { return tl::sum(tl::exp(t) * t, 1); }, x));
  CHECK(tl::gradgradcheck([](const auto& t) { return tl::mean(tl::square(t) * t, {0, 1}, true); }, x));
  CHECK(tl::gradgradcheck([](const auto& t) { return tl::prod(t, 1); }, x));
  CHECK(tl::gradgradcheck([](const auto& t) { return tl::std(t, 0); }, x));
}

TEST_CASE("variances without a degree of freedom are infinite, or NaN for one element", "[ops][reduce]") {
  const auto gradient = [](const tl::Tensor<double>& x, double correction) {
    const tl::Tensor<double> leaf = x.detach();
    leaf.requires_grad_();
    tl::var(leaf, {}, {.correction = correction}).backward();
    return leaf.grad().to_vector();
  };
  const tl::Tensor<double> one({1}, {3}), two({2}, {1, 2});
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(std::isnan(tl::var(one).item()));
  CHECK(std::isnan(tl::std(one).item()));
  CHECK(std::isnan(gradient(one, 1)[0]));
  CHECK(tl::var(two, {}, {.correction = 2}).item() == infinity);
  CHECK(gradient(two, 2) == std::vector<double>{-infinity, infinity});
  CHECK(tl::var(two, {}, {.correction = 3}).item() == infinity);
  CHECK(gradient(two, 3) == std::vector<double>{-infinity, infinity});
  CHECK(tl::var(one, {}, {.correction = 0}).item() == 0);
  CHECK(std::isnan(tl::var(tl::empty<double>({0})).item()));
  const auto [std, mean] = tl::std_mean(tl::empty<float>({2, 0}), 1);
  CHECK((std.numel() == 2 && std::isnan(std.data()[0]) && std::isnan(mean.data()[1])));
}

TEST_CASE("the gradient of std is 0 where all elements are equal", "[ops][reduce]") {
  const tl::Tensor<double> x({2, 2}, {5, 5, 1, 2});
  x.requires_grad_();
  tl::sum(tl::std(x, 1)).backward();
  const double half = std::sqrt(0.5);
  CHECK(x.grad().data()[0] == 0);
  CHECK(x.grad().data()[1] == 0);
  CHECK(x.grad().data()[3] == Approx(half));
}

TEST_CASE("a variance of floats far from 0 keeps its digits", "[ops][reduce]") {
  tl::Tensor<float> x = tl::empty<float>({10'000});
  for (std::int64_t i = 0; i < x.numel(); ++i) x.data()[i] = 4096.0f + noise(i);
  double mean = 0, var = 0;
  for (int i = 0; i < 10'000; ++i) mean += static_cast<double>(x.data()[i]) / 10'000;
  for (int i = 0; i < 10'000; ++i) var += std::pow(static_cast<double>(x.data()[i]) - mean, 2) / 9'999;
  CHECK(static_cast<double>(tl::var(x).item()) == Approx(var).epsilon(1e-5));
}

TEST_CASE("a product's gradient is that of the other factors, with any number of zeros", "[ops][reduce][prod]") {
  for (const int zeros : {0, 1, 2}) {
    tl::Tensor<double> x = noise_tensor<double>({3, 4, 5});
    for (int i = 0; i < zeros; ++i) x.data()[7 + 20 * i] = 0;  // in one product over dimensions 0 and 2
    x.requires_grad_();
    for (const tl::Shape& dims : {tl::Shape{0, 2}, tl::Shape{1}, tl::Shape{}}) {
      x.zero_grad();
      tl::sum(tl::prod(x, dims)).backward();
      const auto at = [](int i, int d) { return d == 0 ? i / 20 : (d == 1 ? i / 5 % 4 : i % 5); };
      for (int i = 0; i < 60; ++i) {
        double others = 1;
        for (int j = 0; j < 60; ++j) {
          bool together = j != i;
          for (int d = 0; d < 3; ++d) {
            const bool reduced = dims.empty() || std::find(dims.begin(), dims.end(), d) != dims.end();
            together = together && (reduced || at(i, d) == at(j, d));
          }
          if (together) others *= x.data()[j];
        }
        REQUIRE(x.grad().data()[i] == Approx(others).margin(1e-14));
      }
      CHECK(tl::gradgradcheck([&](const auto& t) { return tl::prod(t, dims); }, x));
    }
  }
}

TEST_CASE("a dtype can be chosen for a reduction", "[ops][reduce]") {
  const tl::Tensor<std::int32_t> x({3}, {1, 2, 4});
  CHECK(tl::mean<float>(x).item() == 7.0f / 3);
  CHECK(tl::prod<double>(x).item() == 8);
  tl::Tensor<float> y({2}, {16777216, 1});
  CHECK(tl::sum<double>(y).item() == 16777217);
}

TEST_CASE("NaN are left out of nansum and nanmean", "[ops][reduce]") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const tl::Tensor<float> x({2, 3}, {1, nan, 4, nan, nan, nan});
  x.requires_grad_();
  CHECK(tl::nansum(x, 1).to_vector() == std::vector<float>{5, 0});
  const tl::Tensor<float> means = tl::nanmean(x, 1);
  CHECK(means.data()[0] == 2.5f);
  CHECK(std::isnan(means.data()[1]));
  tl::nansum(x).backward();
  CHECK(x.grad().to_vector() == std::vector<float>{1, 0, 1, 0, 0, 0});
  CHECK(tl::nansum(tl::Tensor<std::int8_t>({2}, {100, 100})).item() == 200);
}
