// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/reduce/renorm.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
std::vector<double> gradient_of_norm(const Real& x, double p) {
  const Real leaf = x.detach();
  leaf.requires_grad_();
  tl::norm(leaf, p).backward();
  return leaf.grad().to_vector();
}
}  // namespace

TEST_CASE("the gradient of a norm at zero is the subgradient 0, whatever p", "[ops][reduce][norm]") {
  const Real zero = tl::zeros<double>({3});
  for (const double p : {0.0, 0.5, 1.0, 1.5, 2.0, 3.0, infinity, -infinity, -1.0}) {
    INFO("p = " << p);
    CHECK(gradient_of_norm(zero, p) == std::vector<double>{0, 0, 0});
  }
}

TEST_CASE("a zero among others has no part in the gradient of a norm", "[ops][reduce][norm]") {
  const Real x({3}, {3, 0, -4});
  CHECK(golden::difference(gradient_of_norm(x, 2), {0.6, 0, -0.8}) < 1e-15);
  CHECK(gradient_of_norm(x, 1) == std::vector<double>{1, 0, -1});
  CHECK(gradient_of_norm(x, infinity) == std::vector<double>{0, 0, -1});
  CHECK(gradient_of_norm(x, 0) == std::vector<double>{0, 0, 0});
  // sqrt: y = (sqrt 3 + sqrt 4)^2, dy/dx = sign(x) sqrt(y / |x|)
  const double y = std::pow(std::sqrt(3.0) + 2, 2);
  CHECK(golden::difference(gradient_of_norm(x, 0.5), {std::sqrt(y / 3), 0, -std::sqrt(y / 4)}) < 1e-14);
  CHECK(tl::norm(x, -1).item() == 0);
  CHECK(gradient_of_norm(x, -1) == std::vector<double>{0, 0, 0});
}

TEST_CASE("elements of equal size share the gradient of an infinite norm", "[ops][reduce][norm]") {
  CHECK(gradient_of_norm(Real({4}, {2, -2, 1, 0}), infinity) == std::vector<double>{0.5, -0.5, 0, 0});
  CHECK(gradient_of_norm(Real({4}, {2, -1, 1, 3}), -infinity) == std::vector<double>{0, -0.5, 0.5, 0});
}

TEST_CASE("norms of nothing: 0 where that is their identity, else an error", "[ops][reduce][norm]") {
  const Real nothing = tl::empty<double>({0, 2});
  CHECK(tl::norm(nothing, 2).item() == 0);
  CHECK(tl::norm(nothing, 0).item() == 0);
  CHECK(tl::norm(nothing, 1, 0).to_vector() == std::vector<double>{0, 0});
  CHECK_THROWS_AS(tl::norm(nothing, infinity), tl::IndexError);
  CHECK_THROWS_AS(tl::norm(nothing, -1), tl::IndexError);
  CHECK(tl::norm(nothing, infinity, 1).numel() == 0);
  CHECK_THROWS_WITH(tl::norm(nothing, "nuc"), ContainsSubstring("nuc"));
}

TEST_CASE("norms of float and half agree with those of double", "[ops][reduce][norm]") {
  const tl::Tensor<float> x({2, 2}, {1.5f, -2, 0.25f, 4});
  const tl::Tensor<tl::half> h = tl::to<tl::half>(x);
  const Real d = tl::to<double>(x);
  for (const double p : {0.0, 0.5, 1.0, 2.0, 3.0, infinity}) {
    const double want = tl::norm(d, p).item();
    CHECK(static_cast<double>(tl::norm(x, p).item()) == Approx(want).epsilon(1e-6));
    CHECK(static_cast<double>(static_cast<float>(tl::norm(h, p).item())) == Approx(want).epsilon(2e-3));
  }
}
