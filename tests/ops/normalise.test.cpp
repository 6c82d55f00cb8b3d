// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/loss/nll_loss.hpp>
#include <torchlite/ops/norm/batch_norm.hpp>
#include <torchlite/ops/norm/group_norm.hpp>
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/norm/rms_norm.hpp>
#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/random/dropout.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

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

TEST_CASE("softmax over any dimension equals its formula in double, in float and in half", "[ops][softmax]") {
  const tl::Tensor<float> x = noise<float>({7, 300, 5});
  for (int dim = 0; dim < 3; ++dim) {
    const tl::Tensor<float> p = tl::softmax(tl::Tensor<float>(x * 16), dim), log_p = tl::log_softmax(tl::Tensor<float>(x * 16), dim);
    const std::int64_t step = x.stride(dim), n = x.size(dim);
    double worst = 0;
    for (std::int64_t i = 0; i < x.numel(); ++i) {
      const std::int64_t first = i - i / step % n * step;
      double sum = 0;
      for (std::int64_t k = 0; k < n; ++k)
        sum += std::exp(16.0 * (static_cast<double>(x.data()[first + k * step]) - static_cast<double>(x.data()[i])));
      worst = std::max(worst, std::abs(1 / sum - static_cast<double>(p.data()[i])) * sum);
      worst = std::max(worst, std::abs(std::log(sum) + static_cast<double>(log_p.data()[i])) / (1 + std::log(sum)));
    }
    CHECK(worst < 3e-5);
  }
  const tl::Tensor<tl::half> h = tl::softmax(tl::Tensor<tl::half>(tl::to<tl::half>(x)), 1);
  CHECK(static_cast<float>(h.data()[0]) == Approx(tl::softmax(x, 1).data()[0]).epsilon(2e-3));
}

TEST_CASE("softmax does not overflow", "[ops][softmax]") {
  const tl::Tensor<float> x({3}, {1e30f, 1e30f, -1e30f});
  CHECK(tl::softmax(x, 0).to_vector() == std::vector<float>{0.5f, 0.5f, 0});
}

TEST_CASE("second derivatives of softmax and log_softmax", "[ops][softmax]") {
  const tl::Tensor<double> x = leaf({3, 4});
  CHECK(tl::gradcheck([](const auto& t) { return tl::softmax(t, 0); }, x));
  CHECK(tl::gradgradcheck([](const auto& t) { return tl::softmax(t, 1); }, x));
  CHECK(tl::gradgradcheck([](const auto& t) { return tl::log_softmax(t, 0); }, x));
}

TEST_CASE("cross_entropy of equal logits is log of the number of classes, in one pass each way", "[ops][loss]") {
  const tl::Tensor<float> x = tl::empty<float>({64, 10});
  tl::fill_elements(x, 3.0f);
  x.requires_grad_();
  const tl::Tensor<std::int64_t> target = tl::empty<std::int64_t>({64});
  for (int i = 0; i < 64; ++i) target.data()[i] = i % 10;
  const auto start = tl::kernel_count();
  const tl::Tensor<float> loss = F::cross_entropy(x, target);
  CHECK(tl::kernel_count() - start == 1);
  CHECK(loss.item() == Approx(std::log(10.0)));
  loss.backward();
  CHECK(tl::kernel_count() - start <= 3);
  CHECK(x.grad().data()[0] == Approx((0.1 - 1) / 64));
  CHECK(x.grad().data()[1] == Approx(0.1 / 64));
}

TEST_CASE("cross_entropy: second derivatives with weights, smoothing and ignored rows", "[ops][loss]") {
  const tl::Tensor<double> x = leaf({4, 3, 2}), weight({3}, {0.5, 1, 2});
  const tl::Tensor<std::int64_t> target({4, 2}, {0, 1, 2, -100, 1, 0, 2, 2});
  for (const auto reduction : {tl::Reduction::none, tl::Reduction::mean, tl::Reduction::sum}) {
    const auto loss = [&](const auto& t) {
      return F::cross_entropy(t, target, {.weight = weight, .reduction = reduction, .label_smoothing = 0.1});
    };
    CHECK(tl::gradcheck(loss, x));
    CHECK(tl::gradgradcheck(loss, x));
  }
}

TEST_CASE("a target that is no class is an IndexError with its value", "[ops][loss]") {
  const tl::Tensor<float> x = noise<float>({2, 3});
  CHECK_THROWS_WITH(F::cross_entropy(x, tl::Tensor<std::int64_t>({2}, {0, 7})), ContainsSubstring("target 7"));
  CHECK_THROWS_AS(F::nll_loss(x, tl::Tensor<std::int64_t>({2}, {-1, 0})), tl::IndexError);
  CHECK_THROWS_WITH(F::cross_entropy(x, tl::Tensor<std::int64_t>({3}, {0, 1, 2})), ContainsSubstring("[3]") && ContainsSubstring("[2, 3]"));
}

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

TEST_CASE("dropout keeps the mean, drops the same elements backward, and is linear", "[ops][dropout]") {
  tl::manual_seed(3);
  const tl::Tensor<float> x = tl::empty<float>({100'003});
  tl::fill_elements(x, 1.0f);
  x.requires_grad_();
  const tl::Tensor<float> y = F::dropout(x, 0.25);
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < y.numel(); ++i) kept += y.data()[i] != 0;
  CHECK(static_cast<double>(kept) / 100'003 == Approx(0.75).margin(0.01));
  CHECK(*std::max_element(y.data(), y.data() + y.numel()) == Approx(1 / 0.75));
  tl::Tensor<float> g = tl::empty<float>(x.sizes());
  tl::fill_elements(g, 1.0f);
  y.backward(g);
  CHECK(x.grad().to_vector() == y.to_vector());
  CHECK(F::dropout(x, 0.5, false).data() == x.data());
  CHECK(tl::sum(F::dropout(x, 1.0)).item() == 0);
  CHECK_THROWS_WITH(F::dropout(x, 1.5), ContainsSubstring("1.5"));
  tl::manual_seed(3);
  CHECK(F::dropout(x, 0.25).to_vector() == y.to_vector());
}

TEST_CASE("a causal query does not see later keys", "[ops][attention]") {
  const tl::Tensor<double> q = leaf({2, 4, 3}), k = leaf({2, 4, 3}, 1), v = leaf({2, 4, 5}, 2);
  const tl::Tensor<double> causal = F::scaled_dot_product_attention(q, k, v, {.is_causal = true});
  tl::Tensor<bool> seen = tl::empty<bool>({4, 4});
  for (int i = 0; i < 16; ++i) seen.data()[i] = i % 4 <= i / 4;
  const tl::Tensor<double> masked = F::scaled_dot_product_attention(q, k, v, seen);
  for (int i = 0; i < 40; ++i) CHECK(causal.data()[i] == Approx(masked.data()[i]).margin(1e-14));
  for (int i = 0; i < 5; ++i) CHECK(causal.data()[i] == Approx(v.data()[i]));
  CHECK(tl::gradcheck(
      [](const auto& a, const auto& b, const auto& c) { return F::scaled_dot_product_attention(a, b, c, {.is_causal = true}); }, q, k, v));
}
