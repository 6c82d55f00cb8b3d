// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/loss/nll_loss.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>

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
