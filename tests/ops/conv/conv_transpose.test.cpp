// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/conv/conv_transpose.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;

TEST_CASE("fold is the transpose of unfold, and undoes it where windows do not overlap", "[ops][conv]") {
  const auto product = [](const Real& a, const Real& b) {
    double sum = 0;
    for (std::int64_t i = 0; i < a.numel(); ++i) sum += a.data()[i] * b.data()[i];
    return sum;
  };
  const tl::UnfoldOptions o{.dilation = {2, 1}, .padding = {1, 2}, .stride = {2, 1}};
  const Real x = numbers({2, 3, 6, 5}, 1);
  const Real columns = tl::unfold(x, {2, 3}, o);
  const Real y = numbers(columns.sizes(), 2);
  const Real image = tl::fold(y, {6, 5}, {2, 3}, o);
  REQUIRE(image.sizes() == x.sizes());
  CHECK(std::fabs(product(columns, y) - product(x, image)) < 1e-12);
  const Real blocks = numbers({3, 6, 4}, 3);
  const Real back = tl::fold(tl::unfold(blocks, {3, 2}, {.stride = {3, 2}}), {6, 4}, {3, 2}, {.stride = {3, 2}});
  CHECK(back.to_vector() == blocks.to_vector());
  const auto f = [&](const Real& t) {
    const Real folded = tl::fold(t, {3, 4}, 2);
    return folded * folded;
  };
  const Real c = numbers({1, 4, 6}, 4).requires_grad_();
  CHECK(tl::gradcheck(f, c));
  CHECK(tl::gradgradcheck(f, c));
}

TEST_CASE("a transposed convolution is the transpose of the convolution", "[ops][conv]") {
  const auto product = [](const Real& a, const Real& b) {
    double sum = 0;
    for (std::int64_t i = 0; i < a.numel(); ++i) sum += a.data()[i] * b.data()[i];
    return sum;
  };
  const Real x = numbers({2, 4, 5, 6, 7}, 1), w = numbers({6, 2, 2, 3, 2}, 2);
  const Real y = tl::conv3d(x, w, {}, {.stride = {2, 1, 2}, .padding = {1, 1, 0}, .dilation = {1, 2, 1}, .groups = 2});
  const Real v = numbers(y.sizes(), 3);
  const Real back = tl::conv_transpose3d(
      v, w, {}, {.stride = {2, 1, 2}, .padding = {1, 1, 0}, .output_padding = {1, 0, 1}, .groups = 2, .dilation = {1, 2, 1}});
  REQUIRE(back.sizes() == x.sizes());
  CHECK(std::fabs(product(y, v) - product(x, back)) < 1e-10);
}

TEST_CASE("transposed convolutions in float and half are those in double", "[ops][conv]") {
  const Real x = numbers({2, 4, 5}, 1), w = numbers({4, 3, 3}, 2), b = numbers({6}, 3);
  const tl::ConvTranspose1dOptions o{.stride = 2, .padding = 1, .output_padding = 1, .groups = 2};
  const Real want = tl::conv_transpose1d(x, w, b, o);
  CHECK(want.sizes() == tl::Shape{2, 6, 10});
  const auto in = [&]<class T>(T) {
    return elements(tl::conv_transpose1d(tl::Tensor<T>(tl::to<T>(x)), tl::Tensor<T>(tl::to<T>(w)), tl::Tensor<T>(tl::to<T>(b)), o));
  };
  CHECK(golden::difference(in(float{}), want.to_vector()) < 1e-5);
  CHECK(golden::difference(in(tl::half{}), want.to_vector()) < 2e-2);
}

TEST_CASE("windows and transposed convolutions that do not fit are refused with all facts and the rule", "[ops][conv]") {
  const Real x = numbers({1, 2, 3, 3}, 1), w = numbers({2, 2, 2, 2}, 2);
  CHECK_THROWS_WITH(tl::conv_transpose2d(x, w, {}, {.output_padding = 1}), ContainsSubstring("output_padding 1"));
  CHECK_THROWS_AS(tl::conv_transpose2d(x, numbers({3, 2, 2, 2}, 1)), tl::ShapeError);
  CHECK_THROWS_WITH(tl::conv_transpose2d(x, w, numbers({3}, 1)), ContainsSubstring("bias is [3]"));
  CHECK_THROWS_WITH(tl::unfold(x, 4), ContainsSubstring("unfold:") && ContainsSubstring("does not fit"));
  CHECK_THROWS_WITH(tl::fold(numbers({1, 8, 5}, 1), {3, 3}, 2), ContainsSubstring("fold:") && ContainsSubstring("[1, 8, 5]"));
}
