// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/adaptive_pool.hpp>
#include <torchlite/nn/avg_pool.hpp>
#include <torchlite/nn/fractional_max_pool.hpp>
#include <torchlite/nn/lp_pool.hpp>
#include <torchlite/nn/max_pool.hpp>
#include <torchlite/nn/max_unpool.hpp>
#include <torchlite/nn/padding.hpp>
#include <torchlite/nn/pixel_shuffle.hpp>
#include <torchlite/nn/upsample.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

TEST_CASE("layers that move and resample elements do as their operations", "[nn]") {
  const auto x = tl::arange<double>(16);
  const auto image = tl::view(x, {1, 4, 2, 2});
  CHECK(nn::PixelShuffle(2)(image).to_vector() == tl::pixel_shuffle(image, 2).to_vector());
  CHECK(nn::PixelUnshuffle(2)(nn::PixelShuffle(2)(image)).to_vector() == x.to_vector());
  CHECK(nn::ChannelShuffle(2)(image).to_vector() == tl::channel_shuffle(image, 2).to_vector());
  CHECK(nn::Upsample({.scale_factor = {2}})(image).sizes() == tl::Shape{1, 4, 4, 4});
  CHECK(nn::UpsamplingNearest2d({3, 5})(image).sizes() == tl::Shape{1, 4, 3, 5});
  CHECK(nn::UpsamplingBilinear2d({}, {2})(image).data()[3] == 1);
  const auto pooled = tl::max_pool2d_with_indices(image, 2);
  CHECK(nn::MaxUnpool2d(2)(pooled.values, pooled.indices).to_vector() ==
        std::vector<double>{0, 0, 0, 3, 0, 0, 0, 7, 0, 0, 0, 11, 0, 0, 0, 15});
}

TEST_CASE("pooling and padding layers print as PyTorch's", "[nn]") {
  CHECK(nn::MaxPool1d(3).str() == "MaxPool1d(kernel_size=3, stride=3, padding=0, dilation=1, ceil_mode=False)");
  CHECK(nn::AvgPool1d(3).str() == "AvgPool1d(kernel_size=(3,), stride=(3,), padding=(0,))");
  CHECK(nn::AvgPool3d({.kernel_size = {1, 2, 3}, .stride = 1}).str() == "AvgPool3d(kernel_size=(1, 2, 3), stride=1, padding=0)");
  CHECK(nn::LPPool2d(1.5, {2, 1}).str() == "LPPool2d(norm_type=1.5, kernel_size=(2, 1), stride=(2, 1), ceil_mode=False)");
  CHECK(nn::ReflectionPad2d(1).str() == "ReflectionPad2d((1, 1, 1, 1))");
  CHECK(nn::ConstantPad1d(2, 3.5).str() == "ConstantPad1d(padding=(2, 2), value=3.5)");
  CHECK(nn::Upsample({.scale_factor = {2}}).str() == "Upsample(scale_factor=2.0, mode='nearest')");
  CHECK(nn::Upsample({.size = {3, 4}, .mode = tl::InterpolateMode::bilinear}).str() == "Upsample(size=(3, 4), mode='bilinear')");
  CHECK(nn::PixelShuffle(3).str() == "PixelShuffle(upscale_factor=3)");
  CHECK(nn::MaxUnpool2d(2).str() == "MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))");
  CHECK_THROWS_WITH(nn::ZeroPad2d(tl::Shape{1, 2}), ContainsSubstring("ZeroPad2d: padding is [1, 2]"));
}
