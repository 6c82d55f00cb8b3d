// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/norm/batch_norm.hpp>
#include <torchlite/ops/norm/group_norm.hpp>
#include <torchlite/ops/norm/instance_norm.hpp>
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/norm/local_response_norm.hpp>
#include <torchlite/ops/norm/normalize.hpp>
#include <torchlite/ops/norm/rms_norm.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>

#include <algorithm>
#include <cmath>

namespace tl = torchlite;
namespace F = tl::nn::functional;

namespace {
template <class T = double>
tl::Tensor<T> noise(const tl::Shape& sizes, std::uint64_t seed = 0) {
  tl::Tensor<T> t = tl::empty<T>(sizes);
  for (std::int64_t i = 0; i < t.numel(); ++i) {
    const std::uint64_t h = (static_cast<std::uint64_t>(i) + 1000 * seed + 1) * 0x9E3779B97F4A7C15u;
    t.data()[i] = static_cast<T>(static_cast<float>(static_cast<double>((h ^ (h >> 29)) % 100003u) / 50001.5 - 1.0));
  }
  return t;
}
tl::Tensor<double> leaf(const tl::Shape& sizes, std::uint64_t seed = 0) { return tl::Tensor<double>(noise(sizes, seed).requires_grad_()); }
}  // namespace

TEST_CASE("layer_norm has mean 0 and variance 1, and its derivatives are right to the second order", "[ops][norm]") {
  const tl::Tensor<float> x = noise<float>({5, 37});
  const tl::Tensor<float> y = tl::layer_norm(tl::Tensor<float>(x * 3 + 100), {37});
  for (int r = 0; r < 5; ++r) {
    double sum = 0, squares = 0;
    for (int i = 0; i < 37; ++i)
      sum += static_cast<double>(y.data()[r * 37 + i]), squares += std::pow(static_cast<double>(y.data()[r * 37 + i]), 2);
    CHECK(std::abs(sum) < 1e-3);
    CHECK(squares / 37 == Approx(1).epsilon(1e-3));
  }
  const auto f = [](const auto& t, const auto& w, const auto& b) { return tl::layer_norm(t, {2, 3}, w, b); };
  CHECK(tl::gradcheck(f, leaf({4, 2, 3}), leaf({2, 3}, 1), leaf({2, 3}, 2)));
  CHECK(tl::gradgradcheck(f, leaf({4, 2, 3}), leaf({2, 3}, 1), leaf({2, 3}, 2)));
  CHECK_THROWS_WITH(tl::layer_norm(x, {36}), ContainsSubstring("[36]") && ContainsSubstring("[5, 37]"));
}

TEST_CASE("batch_norm: derivatives to the second order and running statistics", "[ops][norm]") {
  const tl::Tensor<double> none;
  const auto f = [&](const auto& t, const auto& w, const auto& b) { return tl::batch_norm(t, none, none, w, b, true); };
  CHECK(tl::gradcheck(f, leaf({4, 2, 3}), leaf({2}, 1), leaf({2}, 2)));
  CHECK(tl::gradgradcheck(f, leaf({4, 2, 3}), leaf({2}, 1), leaf({2}, 2)));
  const tl::Tensor<double> mean({1}, {0}), var({1}, {1}), x({4, 1}, {1, 2, 3, 6});
  tl::batch_norm(x, mean, var, none, none, true, 0.5);
  CHECK(mean.item() == Approx(1.5));
  CHECK(var.item() == Approx(0.5 + 0.5 * 14.0 / 3));
  const tl::Tensor<double> y = tl::batch_norm(x, mean, var);
  CHECK(y.data()[3] == Approx((6 - 1.5) / std::sqrt(var.item() + 1e-5)));
}

TEST_CASE("group_norm with one group is layer_norm, rms_norm divides by the root mean square", "[ops][norm]") {
  const tl::Tensor<double> x = leaf({2, 4, 3});
  const tl::Tensor<double> a = tl::group_norm(x, 1), b = tl::layer_norm(x, {4, 3});
  for (int i = 0; i < 24; ++i) CHECK(a.data()[i] == Approx(b.data()[i]).margin(1e-12));
  const tl::Tensor<double> y = tl::rms_norm(tl::Tensor<double>({1, 2}, {3, 4}), {2}, {}, 0);
  CHECK(y.data()[0] == Approx(3 / std::sqrt(12.5)));
  CHECK(tl::gradcheck([](const auto& t) { return tl::group_norm(t, 2); }, x));
}

TEST_CASE("instance_norm is group_norm with a group for each channel; running statistics are the examples' average", "[ops][norm]") {
  const tl::Tensor<double> x = leaf({3, 2, 4}), w({2}, {2, -1}), b({2}, {0.5, 3});
  const tl::Tensor<double> mean({2}, {0, 0}), var({2}, {1, 1});
  const tl::Tensor<double> y = F::instance_norm(x, mean, var, w, b, true, 0.5), z = F::group_norm(x, 2, w, b);
  CHECK(y.to_vector() == z.to_vector());
  double sum = 0, spread = 0;
  for (int n = 0; n < 3; ++n) {
    double m = 0, squares = 0;
    for (int i = 0; i < 4; ++i) m += x.data()[n * 8 + i] / 4;
    for (int i = 0; i < 4; ++i) squares += std::pow(x.data()[n * 8 + i] - m, 2) / 3;
    sum += m / 3, spread += squares / 3;
  }
  CHECK(mean.data()[0] == Approx(0.5 * sum));
  CHECK(var.data()[0] == Approx(0.5 + 0.5 * spread));
  const tl::Tensor<double> kept = F::instance_norm(x, mean, var, {}, {}, false);
  CHECK(kept.data()[0] == Approx((x.data()[0] - mean.data()[0]) / std::sqrt(var.data()[0] + 1e-5)));
  CHECK_THROWS_WITH(F::instance_norm(leaf({3, 2, 1})), ContainsSubstring("[3, 2, 1]"));
  CHECK_THROWS_WITH(F::instance_norm(x, {}, {}, {}, {}, false), ContainsSubstring("running_mean"));
  CHECK_THROWS_WITH(F::instance_norm(x, {}, {}, tl::Tensor<double>({3}, {1, 1, 1})), ContainsSubstring("[3]") && ContainsSubstring("[2]"));
}

TEST_CASE("local_response_norm divides by the squares of neighbouring channels", "[ops][norm]") {
  const tl::Tensor<double> x = leaf({2, 5, 3});
  for (const std::int64_t size : {1, 2, 3, 9}) {
    const tl::Tensor<double> y = F::local_response_norm(x, size, 0.5, 0.75, 2);
    for (int n = 0; n < 2; ++n)
      for (int c = 0; c < 5; ++c)
        for (int i = 0; i < 3; ++i) {
          double squares = 0;
          for (int k = std::max<int>(0, c - static_cast<int>(size / 2)); k <= std::min<int>(4, c + static_cast<int>((size - 1) / 2)); ++k)
            squares += std::pow(x.data()[(n * 5 + k) * 3 + i], 2);
          const int at = (n * 5 + c) * 3 + i;
          CHECK(y.data()[at] == Approx(x.data()[at] / std::pow(2 + 0.5 * squares / static_cast<double>(size), 0.75)));
        }
  }
  CHECK(tl::gradgradcheck([](const auto& t) { return F::local_response_norm(t, 2, 0.5, 0.75, 2); }, x));
  CHECK_THROWS_WITH(F::local_response_norm(leaf({2, 5}), 2), ContainsSubstring("[2, 5]"));
  CHECK_THROWS_WITH(F::local_response_norm(x, 0), ContainsSubstring("size is 0"));
}

TEST_CASE("normalize gives vectors of length 1, and leaves a zero vector alone", "[ops][norm]") {
  const tl::Tensor<float> x({2, 2}, {3, 4, 0, 0});
  CHECK(F::normalize(x).to_vector() == std::vector<float>{0.6f, 0.8f, 0, 0});
  CHECK(F::normalize(x, 1, 0).to_vector() == std::vector<float>{1, 1, 0, 0});
  CHECK_THROWS_AS(F::normalize(x, 2, 2), tl::IndexError);
}

TEST_CASE("rms_norm of half numbers neither overflows nor loses its small eps", "[ops][norm]") {
  const tl::Tensor<tl::half> x({2}, {tl::half(300), tl::half(400)});
  const auto y = F::rms_norm(x, {2}).to_vector();
  CHECK(static_cast<float>(y[0]) == Approx(3 / std::sqrt(12.5)).epsilon(1e-3));
  // Without an eps it is the dtype's: 2^-10 for half, 2^-23 for float.
  const tl::Tensor<float> tiny({1}, {1e-3f});
  CHECK(F::rms_norm(tiny, {1}).item() == Approx(1e-3 / std::sqrt(1e-6 + std::ldexp(1.0, -23))));
  const tl::Tensor<tl::half> small({1}, {tl::half(1e-3f)});
  CHECK(static_cast<float>(F::rms_norm(small, {1}).item()) == Approx(1e-3 / std::sqrt(1e-6 + std::ldexp(1.0, -10))).epsilon(2e-3));
}

TEST_CASE("statistics of layer_norm and batch_norm are those of their formulas", "[ops][norm]") {
  const tl::Tensor<float> x({2, 2}, {1, 3, 2, 6});
  const auto rows = tl::native_layer_norm(x, {2}, {}, {}, 0);
  CHECK(rows.mean.to_vector() == std::vector<float>{2, 4});
  CHECK(rows.rstd.to_vector() == std::vector<float>{1, 0.5f});
  CHECK(rows.mean.sizes() == tl::Shape{2, 1});
  const auto columns = tl::native_batch_norm(x, {}, {}, {}, {}, true, 0.1, 0);
  CHECK(columns.save_mean.to_vector() == std::vector<float>{1.5f, 4.5f});
  CHECK(columns.save_invstd.to_vector()[0] == Approx(2));
}

TEST_CASE("normalisations of nothing give nothing", "[ops][norm]") {
  CHECK(F::layer_norm(tl::empty<float>({0, 3}), {3}).sizes() == tl::Shape{0, 3});
  CHECK(F::group_norm(tl::empty<float>({0, 4, 2}), 2).sizes() == tl::Shape{0, 4, 2});
  CHECK(F::instance_norm(tl::empty<float>({0, 4, 2})).sizes() == tl::Shape{0, 4, 2});
  CHECK(F::local_response_norm(tl::empty<float>({0, 4, 2}), 2).sizes() == tl::Shape{0, 4, 2});
  CHECK(F::rms_norm(tl::empty<float>({0, 3}), {3}).sizes() == tl::Shape{0, 3});
}
