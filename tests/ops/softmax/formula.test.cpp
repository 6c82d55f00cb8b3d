// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

#include <algorithm>
#include <cmath>

namespace tl = torchlite;

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
