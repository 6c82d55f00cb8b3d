// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/safe_softmax.hpp>
#include <torchlite/ops/softmax/softmin.hpp>

using namespace samples;

TEST_CASE("rows without a finite element are NaN for softmax and 0 for safe_softmax", "[ops][softmax]") {
  const double lowest = -std::numeric_limits<double>::infinity();
  const Real x({2, 2}, {lowest, lowest, 1, lowest});
  x.requires_grad_();
  CHECK(std::isnan(tl::softmax(x, 1).to_vector()[0]));
  const Real y = tl::safe_softmax(x, 1);
  CHECK(y.to_vector() == std::vector<double>{0, 0, 1, 0});
  y.backward(Real({2, 2}, {1, 2, 3, 4}));
  CHECK(x.grad().to_vector() == std::vector<double>{0, 0, 0, 0});
}

TEST_CASE("softmin is the softmax of the negative, and a dtype can be chosen", "[ops][softmax]") {
  const tl::Tensor<float> x({3}, {1000, 1001, 1002});
  const auto y = tl::softmin(x, 0).to_vector();
  const double z = 1 + std::exp(-1.0) + std::exp(-2.0);
  CHECK(static_cast<double>(y[0]) == Approx(1 / z).epsilon(1e-6));
  CHECK(tl::log_softmax<double>(x, 0).to_vector()[2] == Approx(-std::log(z)).epsilon(1e-14));
  CHECK(tl::softmax<float>(tl::Tensor<std::int32_t>({2}, {5, 5}), 0).to_vector() == std::vector<float>{0.5f, 0.5f});
}

TEST_CASE("log_softmax keeps the differences of large elements", "[ops][softmax]") {
  const tl::Tensor<float> x({3}, {100'000, 100'001, 100'002});
  const auto y = tl::log_softmax(x, 0).to_vector();
  const double z = 1 + std::exp(-1.0) + std::exp(-2.0);
  for (int i = 0; i < 3; ++i) CHECK(static_cast<double>(y[static_cast<std::size_t>(i)]) == Approx(i - 2 - std::log(z)).epsilon(1e-6));
}
