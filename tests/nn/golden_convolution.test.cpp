// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/conv2d.hpp>
#include <torchlite/nn/conv3d.hpp>
#include <torchlite/nn/conv_transpose.hpp>
#include <torchlite/nn/fold.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

namespace {
tl::Triple triple(const Sample& s, std::size_t position, const char* name, tl::Triple otherwise) {
  const Json* j = s.ctor_argument(position, name);
  if (j == nullptr || j->is_null()) return otherwise;
  const auto list = golden::integers(*j);
  return list.size() == 1 ? tl::Triple(list[0]) : tl::Triple(list.at(0), list.at(1), list.at(2));
}
std::int64_t single(const Sample& s, std::size_t position, const char* name, std::int64_t otherwise) {
  const Json* j = s.ctor_argument(position, name);
  return j == nullptr || j->is_null() ? otherwise : golden::integers(*j).at(0);
}
template <class Size, class Read>
nn::ConvOptions<Size> options(const Sample& s, Read read) {
  nn::ConvOptions<Size> o{.in_channels = integer(s, 0, "in_channels", 0),
                          .out_channels = integer(s, 1, "out_channels", 0),
                          .kernel_size = read(s, 2, "kernel_size", 1),
                          .stride = read(s, 3, "stride", 1),
                          .dilation = read(s, 5, "dilation", 1),
                          .groups = integer(s, 6, "groups", 1),
                          .bias = flag(s, 7, "bias", true)};
  const Json* padding = s.ctor_argument(4, "padding");
  if (padding != nullptr && padding->is_string()) o.padding = padding->get<std::string>().c_str();
  else o.padding = read(s, 4, "padding", 0);
  if (const Json* mode = s.ctor_argument(8, "padding_mode"))
    for (const auto& [name, value] : {std::pair("reflect", tl::PadMode::reflect), std::pair("replicate", tl::PadMode::replicate),
                                      std::pair("circular", tl::PadMode::circular)})
      if (mode->get<std::string>() == name) o.padding_mode = value;
  return o;
}
template <class Size, class Read>
nn::ConvTransposeOptions<Size> transposed(const Sample& s, Read read) {
  return {.in_channels = integer(s, 0, "in_channels", 0),
          .out_channels = integer(s, 1, "out_channels", 0),
          .kernel_size = read(s, 2, "kernel_size", 1),
          .stride = read(s, 3, "stride", 1),
          .padding = read(s, 4, "padding", 0),
          .output_padding = read(s, 5, "output_padding", 0),
          .groups = integer(s, 6, "groups", 1),
          .bias = flag(s, 7, "bias", true),
          .dilation = read(s, 8, "dilation", 1)};
}
}  // namespace

TEST_CASE("Conv1d, Conv2d and Conv3d are PyTorch's, with every padding", "[nn][golden]") {
  layer("Conv1d", [](const Sample& s) { return nn::Conv1d<double, Device>(options<std::int64_t>(s, single)); });
  layer("Conv2d", [](const Sample& s) { return nn::Conv2d<double, Device>(options<tl::Pair>(s, pair)); });
  layer("Conv3d", [](const Sample& s) { return nn::Conv3d<double, Device>(options<tl::Triple>(s, triple)); });
}

TEST_CASE("ConvTranspose1d, ConvTranspose2d and ConvTranspose3d are PyTorch's", "[nn][golden]") {
  layer("ConvTranspose1d", [](const Sample& s) { return nn::ConvTranspose1d<double, Device>(transposed<std::int64_t>(s, single)); });
  layer("ConvTranspose2d", [](const Sample& s) { return nn::ConvTranspose2d<double, Device>(transposed<tl::Pair>(s, pair)); });
  layer("ConvTranspose3d", [](const Sample& s) { return nn::ConvTranspose3d<double, Device>(transposed<tl::Triple>(s, triple)); });
}
