// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pool/adaptive_pool.hpp>
#include <torchlite/ops/pool/avg_pool.hpp>
#include <torchlite/ops/pool/lp_pool.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;

TEST_CASE("lp_pool is the p-norm of its windows", "[ops][pool]") {
  // Numbers of torch.nn.functional.lp_pool1d.
  const Real x = Real({1, 1, 4}, {-1, -2, 3, 4});
  CHECK(golden::difference(tl::lp_pool1d(x, 2, 2).to_vector(), {std::sqrt(5.0), 5}) < 1e-14);
  CHECK(golden::difference(tl::lp_pool1d(Real({1, 1, 4}, {1, 2, 3, 4}), 3, 2).to_vector(), {std::cbrt(9.0), std::cbrt(91.0)}) < 1e-14);
  const Real square = numbers({1, 2, 4, 6}, 1), cube = numbers({1, 2, 4, 4, 6}, 2);
  const Real of_square = tl::lp_pool2d(square, 2, 2), of_cube = tl::lp_pool3d(cube, 2, {2, 1, 3}, {2, 1, 3});
  double sum = 0;
  for (const int i : {0, 1, 6, 7}) sum += square.data()[i] * square.data()[i];
  CHECK(of_square.sizes() == tl::Shape{1, 2, 2, 3});
  CHECK(std::fabs(of_square.data()[0] - std::sqrt(sum)) < 1e-14);
  sum = 0;
  for (const int i : {0, 1, 2, 24, 25, 26}) sum += cube.data()[i] * cube.data()[i];
  CHECK(of_cube.sizes() == tl::Shape{1, 2, 2, 4, 2});
  CHECK(std::fabs(of_cube.data()[0] - std::sqrt(sum)) < 1e-14);
  const auto f = [](const Real& t) { return tl::lp_pool2d(t, 2, 2, 1); };
  CHECK(tl::gradcheck(f, numbers({1, 1, 3, 4}, 3).requires_grad_()));
  CHECK(tl::gradgradcheck(f, numbers({1, 1, 3, 4}, 3).requires_grad_()));
}

TEST_CASE("avg_pool3d of whole numbers is exact, and a window of half precision does not overflow", "[ops][pool]") {
  const tl::Tensor<float> x = tl::full<float>({1, 1, 3, 3, 3}, 3);
  CHECK(tl::avg_pool3d(x, 3).to_vector() == std::vector<float>{3});
  const tl::Tensor<tl::half> large = tl::full<tl::half>({1, 1, 4, 4, 4}, 60000.0f);
  CHECK(static_cast<float>(tl::avg_pool3d(large, 4).to_vector()[0]) == static_cast<float>(tl::half(60000.0f)));
  const auto y = tl::full<tl::half>({1, 4, 4, 4}, 2.0f).requires_grad_();
  tl::avg_pool3d(y, 2).backward(tl::ones<tl::half>({1, 2, 2, 2}));
  CHECK(static_cast<float>(y.grad().to_vector()[0]) == 0.125f);
}

TEST_CASE("avg_pool1d and avg_pool3d of one row are avg_pool2d, for float too", "[ops][pool]") {
  const tl::Tensor<float> x = tl::to<float>(numbers({2, 3, 11}, 1));
  const tl::Tensor<float> rows = tl::unsqueeze(x, 2);
  const std::vector<float> want =
      tl::avg_pool2d(rows, {1, 4}, {.stride = {1, 3}, .padding = {0, 2}, .ceil_mode = true, .count_include_pad = false}).to_vector();
  CHECK(tl::avg_pool1d(x, 4, {.stride = 3, .padding = 2, .ceil_mode = true, .count_include_pad = false}).to_vector() == want);
  const std::vector<float> deep = tl::avg_pool3d(tl::unsqueeze(rows, 2), {1, 1, 4},
                                                 {.stride = {1, 1, 3}, .padding = {0, 0, 2}, .ceil_mode = true, .count_include_pad = false})
                                      .to_vector();
  CHECK(golden::difference(deep, std::vector<double>(want.begin(), want.end())) < 1e-6);
}

TEST_CASE("adaptive poolings to nothing and of an empty batch are empty", "[ops][pool]") {
  const Real x = numbers({1, 2, 5, 6}, 1);
  CHECK(tl::adaptive_avg_pool2d(x, {0, 2}).sizes() == tl::Shape{1, 2, 0, 2});
  CHECK(tl::adaptive_max_pool2d(x, {0, 2}).sizes() == tl::Shape{1, 2, 0, 2});
  CHECK(tl::adaptive_max_pool2d(tl::empty<float>({0, 2, 3, 3}), 2).sizes() == tl::Shape{0, 2, 2, 2});
  CHECK(tl::adaptive_avg_pool3d(tl::empty<float>({0, 2, 3, 3, 3}), 2).sizes() == tl::Shape{0, 2, 2, 2, 2});
}

TEST_CASE("average poolings that do not fit are refused with all facts and the rule", "[ops][pool]") {
  CHECK_THROWS_WITH(tl::avg_pool2d(numbers({4}, 1), 2), ContainsSubstring("avg_pool2d:") && ContainsSubstring("[4]"));
  CHECK_THROWS_WITH(tl::avg_pool3d(numbers({1, 4, 4, 4}, 1), 5), ContainsSubstring("avg_pool3d:") && ContainsSubstring("larger"));
  CHECK_THROWS_AS(tl::adaptive_avg_pool2d(numbers({1, 4, 4}, 1), -2), tl::Error);
  CHECK_THROWS_AS(tl::adaptive_max_pool2d(tl::empty<float>({2, 0, 3, 3}), 2), tl::ShapeError);
}
