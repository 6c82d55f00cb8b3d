// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/conv/conv3d.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;

TEST_CASE("a convolution is a sum over its window, for every stride, padding, dilation and group", "[ops][conv]") {
  for (const std::int64_t stride : {1, 2})
    for (const std::int64_t pad : {0, 1, 2})
      for (const std::int64_t dilation : {1, 2})
        for (const std::int64_t groups : {1, 2, 4}) {
          const std::int64_t n = 2, c = 4, d = 5, h = 6, w = 7, out = 8, kd = 2, kh = 3, kw = 2;
          const Real x = numbers({n, c, d, h, w}, 1), weight = numbers({out, c / groups, kd, kh, kw}, 2), bias = numbers({out}, 3);
          const tl::Conv3dOptions o{
              .stride = {1, stride, stride}, .padding = {pad, pad, 1}, .dilation = {dilation, 1, dilation}, .groups = groups};
          const Real y = tl::conv3d(x, weight, bias, o);
          const std::int64_t od = (d + 2 * pad - dilation * (kd - 1) - 1) + 1, oh = (h + 2 * pad - (kh - 1) - 1) / stride + 1,
                             ow = (w + 2 - dilation * (kw - 1) - 1) / stride + 1;
          std::vector<double> want;
          for (std::int64_t b = 0; b < n; ++b)
            for (std::int64_t v = 0; v < out; ++v)
              for (std::int64_t m = 0; m < od; ++m)
                for (std::int64_t i = 0; i < oh; ++i)
                  for (std::int64_t j = 0; j < ow; ++j) {
                    double sum = bias.data()[v];
                    for (std::int64_t k = 0; k < c / groups; ++k)
                      for (std::int64_t r = 0; r < kd; ++r)
                        for (std::int64_t p = 0; p < kh; ++p)
                          for (std::int64_t q = 0; q < kw; ++q) {
                            const std::int64_t slice = m - pad + r * dilation, row = i * stride - pad + p,
                                               column = j * stride - 1 + q * dilation;
                            if (slice < 0 || slice >= d || row < 0 || row >= h || column < 0 || column >= w) continue;
                            const std::int64_t channel = v / (out / groups) * (c / groups) + k;
                            sum += x.data()[(((b * c + channel) * d + slice) * h + row) * w + column] *
                                   weight.data()[(((v * (c / groups) + k) * kd + r) * kh + p) * kw + q];
                          }
                    want.push_back(sum);
                  }
          CAPTURE(stride, pad, dilation, groups);
          CHECK(golden::difference(y.to_vector(), want) < 1e-13);
        }
}

TEST_CASE("conv1d, conv2d and conv3d of one slice agree, for float and half too", "[ops][conv]") {
  const Real x = numbers({2, 4, 9}, 1), w = numbers({6, 2, 3}, 2), b = numbers({6}, 3);
  const auto flat = tl::conv1d(x, w, b, {.stride = 2, .padding = 3, .dilation = 2, .groups = 2});
  const auto image =
      tl::conv2d(tl::unsqueeze(x, 2), tl::unsqueeze(w, 2), b, {.stride = {1, 2}, .padding = {0, 3}, .dilation = {1, 2}, .groups = 2});
  const auto volume = tl::conv3d(tl::unsqueeze(tl::unsqueeze(x, 2), 2), tl::unsqueeze(tl::unsqueeze(w, 2), 2), b,
                                 {.stride = {1, 1, 2}, .padding = {0, 0, 3}, .dilation = {1, 1, 2}, .groups = 2});
  CHECK(flat.sizes() == tl::Shape{2, 6, 6});
  CHECK(flat.to_vector() == image.to_vector());
  CHECK(flat.to_vector() == volume.to_vector());
  const auto in = [&]<class T>(T) {
    const tl::Tensor<T> y = tl::conv1d(tl::Tensor<T>(tl::to<T>(x)), tl::Tensor<T>(tl::to<T>(w)), tl::Tensor<T>(tl::to<T>(b)),
                                       {.stride = 2, .padding = 3, .dilation = 2, .groups = 2});
    return elements(y);
  };
  CHECK(golden::difference(in(float{}), flat.to_vector()) < 1e-5);
  CHECK(golden::difference(in(tl::half{}), flat.to_vector()) < 2e-2);
}

TEST_CASE("gradients of convolutions, of first and second order", "[ops][conv]") {
  const Real x = numbers({2, 2, 4, 5}, 1).requires_grad_(), w = numbers({4, 1, 2, 3}, 2).requires_grad_(),
             b = numbers({4}, 3).requires_grad_();
  const auto grouped = [](const Real& p, const Real& q, const Real& r) {
    return tl::conv2d(p, q, r, {.stride = {2, 1}, .padding = {1, 0}, .groups = 2});
  };
  CHECK(tl::gradcheck(grouped, x, w, b));
  CHECK(tl::gradgradcheck(grouped, x, w, b));
  const Real v = numbers({2, 2, 2, 2}, 4).requires_grad_();
  const auto dilated = [](const Real& p, const Real& q) {
    return tl::conv2d(tl::transpose(p, 2, 3) * 1.5, q, {}, {.padding = 1, .dilation = 2});
  };
  CHECK(tl::gradcheck(dilated, x, v));
  CHECK(tl::gradgradcheck(dilated, x, v));
}

TEST_CASE("convolutions of empty batches and without channels are PyTorch's", "[ops][conv]") {
  CHECK(tl::conv2d(tl::empty<float>({0, 2, 3, 3}), tl::ones<float>({4, 2, 2, 2})).sizes() == tl::Shape{0, 4, 2, 2});
  CHECK(tl::conv3d(tl::empty<float>({0, 2, 3, 3, 3}), tl::ones<float>({4, 2, 2, 2, 2})).sizes() == tl::Shape{0, 4, 2, 2, 2});
  CHECK(tl::conv2d(tl::empty<float>({1, 0, 3, 3}), tl::empty<float>({4, 0, 2, 2})).to_vector() == std::vector<float>(16, 0));
}

TEST_CASE("convolutions that do not fit are refused with all shapes and the rule", "[ops][conv]") {
  const Real x = numbers({1, 3, 4, 4}, 1), w = numbers({2, 2, 3, 3}, 2);
  CHECK_THROWS_AS(tl::conv2d(x, w), tl::ShapeError);
  CHECK_THROWS_WITH(tl::conv2d(x, w), ContainsSubstring("conv2d:") && ContainsSubstring("[1, 3, 4, 4]") &&
                                          ContainsSubstring("[2, 2, 3, 3]") && ContainsSubstring("groups"));
  CHECK_THROWS_WITH(tl::conv2d(x, numbers({2, 3, 5, 5}, 1)), ContainsSubstring("larger"));
  CHECK_THROWS_WITH(tl::conv2d(x, numbers({2, 3, 3, 3}, 1), numbers({3}, 1)), ContainsSubstring("bias is [3]"));
  CHECK_THROWS_WITH(tl::conv2d(numbers({4, 4}, 1), w), ContainsSubstring("[4, 4]"));
  CHECK_THROWS_AS(tl::conv2d(x, numbers({2, 3, 3, 3}, 1), {}, {.stride = 0}), tl::Error);
  CHECK_THROWS_WITH(tl::conv2d(x, numbers({2, 3, 3, 3}, 1), {}, {.stride = 2, .padding = "same"}), ContainsSubstring("stride 1"));
  CHECK_THROWS_WITH(tl::conv2d(x, numbers({2, 3, 3, 3}, 1), {}, {.padding = "sane"}), ContainsSubstring("\"sane\""));
  CHECK_THROWS_WITH(tl::conv1d(x, w), ContainsSubstring("conv1d:") && ContainsSubstring("[N, C, L]"));
  CHECK_THROWS_WITH(tl::conv3d(x, w), ContainsSubstring("conv3d:"));
}
