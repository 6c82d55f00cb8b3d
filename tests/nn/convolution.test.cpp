// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/conv2d.hpp>
#include <torchlite/nn/conv3d.hpp>
#include <torchlite/nn/conv_transpose.hpp>
#include <torchlite/nn/fold.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

TEST_CASE("padding modes of convolution layers are PyTorch's", "[nn]") {
  // A kernel that names the element two before its place: what is read is what the padding holds.
  nn::Conv1d<double> conv({.in_channels = 1, .out_channels = 1, .kernel_size = 5, .padding = "same", .bias = false});
  const tl::NoGradGuard guard;
  conv.weight.copy_(tl::Tensor<double>::from({1, 0, 0, 0, 0}, {1, 1, 5}));
  const auto x = tl::Tensor<double>::from({1, 2, 3, 4}, {1, 1, 4});
  using List = std::vector<double>;
  CHECK(conv(x).to_vector() == List{0, 0, 1, 2});
  conv.options.padding_mode = tl::PadMode::reflect;
  CHECK(conv(x).to_vector() == List{3, 2, 1, 2});
  conv.options.padding_mode = tl::PadMode::replicate;
  CHECK(conv(x).to_vector() == List{1, 1, 1, 2});
  conv.options.padding_mode = tl::PadMode::circular;
  CHECK(conv(x).to_vector() == List{3, 4, 1, 2});
  CHECK(conv.str() == "Conv1d(1, 1, kernel_size=(5,), stride=(1,), padding=same, bias=False, padding_mode=circular)");
}

TEST_CASE("convolution layers print as PyTorch's and change their dtype", "[nn]") {
  nn::ConvTranspose2d<> up({.in_channels = 4, .out_channels = 6, .kernel_size = {2, 3}, .stride = 2, .output_padding = 1, .groups = 2});
  CHECK(up.str() == "ConvTranspose2d(4, 6, kernel_size=(2, 3), stride=(2, 2), output_padding=(1, 1), groups=2)");
  CHECK(up.weight.sizes() == tl::Shape{4, 3, 2, 3});
  const nn::ConvTranspose2d<double> wide = up.to<double>();
  CHECK(wide.weight.sizes() == up.weight.sizes());
  CHECK(nn::Conv3d<>(1, 2, 3).str() == "Conv3d(1, 2, kernel_size=(3, 3, 3), stride=(1, 1, 1))");
  CHECK_THROWS_WITH(nn::Conv1d<>({.in_channels = 3, .out_channels = 4, .groups = 2}), ContainsSubstring("Conv1d: 3 input"));
}

TEST_CASE("Unfold and Fold are the operations, and print as PyTorch's", "[nn]") {
  const nn::Unfold columns({2, 3}, {.padding = {0, 1}, .stride = 2});
  const nn::Fold image({4, 6}, {2, 3}, {.padding = {0, 1}, .stride = 2});
  const auto x = tl::ones<double>({1, 2, 4, 6});
  CHECK(columns(x).sizes() == tl::Shape{1, 12, 6});
  CHECK(image(columns(x)).sizes() == x.sizes());
  CHECK(columns.str() == "Unfold(kernel_size=(2, 3), dilation=1, padding=(0, 1), stride=2)");
  CHECK(image.str() == "Fold(output_size=(4, 6), kernel_size=(2, 3), dilation=1, padding=(0, 1), stride=2)");
}
