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

namespace {
std::vector<std::int64_t> sizes(const Sample& s, std::size_t position, const char* name, std::size_t count, std::int64_t otherwise) {
  const Json* j = s.ctor_argument(position, name);
  if (j == nullptr || j->is_null()) return std::vector<std::int64_t>(count, otherwise);
  if (j->is_number()) return std::vector<std::int64_t>(count, j->get<std::int64_t>());
  std::vector<std::int64_t> list;
  for (const Json& n : *j) list.push_back(n.is_null() ? tl::same_size : n.get<std::int64_t>());
  if (list.size() == 1) list.resize(count, list[0]);
  return list;
}
std::int64_t single(const Sample& s, std::size_t position, const char* name, std::int64_t otherwise) {
  return sizes(s, position, name, 1, otherwise).at(0);
}
tl::Pair two(const Sample& s, std::size_t position, const char* name, std::int64_t otherwise) {
  const auto n = sizes(s, position, name, 2, otherwise);
  return {n.at(0), n.at(1)};
}
tl::Triple triple(const Sample& s, std::size_t position, const char* name, std::int64_t otherwise) {
  const auto n = sizes(s, position, name, 3, otherwise);
  return {n.at(0), n.at(1), n.at(2)};
}
/// The options of a max or average pooling layer.
template <class Options, class Read>
Options pooling(const Sample& s, Read read) {
  Options o;
  o.kernel_size = read(s, 0, "kernel_size", 1);
  o.stride = read(s, 1, "stride", 0);
  o.padding = read(s, 2, "padding", 0);
  if constexpr (requires { o.dilation; }) {
    o.dilation = read(s, 3, "dilation", 1);
    o.ceil_mode = flag(s, 5, "ceil_mode", false);
  } else {
    o.ceil_mode = flag(s, 3, "ceil_mode", false);
    o.count_include_pad = flag(s, 4, "count_include_pad", true);
    if constexpr (requires { o.divisor_override; }) o.divisor_override = integer(s, 5, "divisor_override", 0);
  }
  return o;
}
template <class Layer, class Read>
Layer lp(const Sample& s, Read read) {
  return Layer(number(s, 0, "norm_type", 2), read(s, 1, "kernel_size", 1), read(s, 2, "stride", 0), flag(s, 3, "ceil_mode", false));
}
tl::Shape sides(const Sample& s) { return golden::integers(*s.ctor_argument(0, "padding")); }
template <class Layer>
void padding_layer(const std::string& name) {
  layer(name, [](const Sample& s) { return Layer(sides(s)); });
}
}  // namespace

TEST_CASE("MaxPool1d, MaxPool3d, AvgPool1d and AvgPool3d are PyTorch's", "[nn][golden]") {
  layer("MaxPool1d", [](const Sample& s) { return nn::MaxPool1d(pooling<nn::MaxPool1dOptions>(s, single)); });
  layer("MaxPool3d", [](const Sample& s) { return nn::MaxPool3d(pooling<nn::MaxPool3dOptions>(s, triple)); });
  layer("AvgPool1d", [](const Sample& s) { return nn::AvgPool1d(pooling<nn::AvgPool1dOptions>(s, single)); });
  layer("AvgPool3d", [](const Sample& s) { return nn::AvgPool3d(pooling<nn::AvgPool3dOptions>(s, triple)); });
}

TEST_CASE("adaptive pooling layers are PyTorch's", "[nn][golden]") {
  layer("AdaptiveAvgPool1d", [](const Sample& s) { return nn::AdaptiveAvgPool1d(single(s, 0, "output_size", 1)); });
  layer("AdaptiveAvgPool3d", [](const Sample& s) { return nn::AdaptiveAvgPool3d(triple(s, 0, "output_size", 1)); });
  layer("AdaptiveMaxPool1d", [](const Sample& s) { return nn::AdaptiveMaxPool1d(single(s, 0, "output_size", 1)); });
  layer("AdaptiveMaxPool2d", [](const Sample& s) { return nn::AdaptiveMaxPool2d(two(s, 0, "output_size", 1)); });
  layer("AdaptiveMaxPool3d", [](const Sample& s) { return nn::AdaptiveMaxPool3d(triple(s, 0, "output_size", 1)); });
}

TEST_CASE("LPPool1d, LPPool2d and LPPool3d are PyTorch's", "[nn][golden]") {
  layer("LPPool1d", [](const Sample& s) { return lp<nn::LPPool1d>(s, single); });
  layer("LPPool2d", [](const Sample& s) { return lp<nn::LPPool2d>(s, two); });
  layer("LPPool3d", [](const Sample& s) { return lp<nn::LPPool3d>(s, triple); });
}

TEST_CASE("FractionalMaxPool2d and FractionalMaxPool3d with given random numbers are PyTorch's", "[nn][golden]") {
  const auto samples = [](const Sample& s) { return tensor<double>(s.at(golden::tensor_name(*s.ctor_argument(4, "_random_samples")))); };
  layer("FractionalMaxPool2d", [&](const Sample& s) {
    tl::FractionalMaxPool2dOptions o{.output_size = two(s, 1, "output_size", 0)};
    for (double& r : o.output_ratio) r = number(s, 2, "output_ratio", 0);
    return nn::FractionalMaxPool2d<double, Device>(two(s, 0, "kernel_size", 1), o, samples(s));
  });
  layer("FractionalMaxPool3d", [&](const Sample& s) {
    tl::FractionalMaxPool3dOptions o{.output_size = triple(s, 1, "output_size", 0)};
    for (double& r : o.output_ratio) r = number(s, 2, "output_ratio", 0);
    return nn::FractionalMaxPool3d<double, Device>(triple(s, 0, "kernel_size", 1), o, samples(s));
  });
}

TEST_CASE("padding layers are PyTorch's", "[nn][golden]") {
  padding_layer<nn::ReflectionPad1d>("ReflectionPad1d");
  padding_layer<nn::ReflectionPad2d>("ReflectionPad2d");
  padding_layer<nn::ReflectionPad3d>("ReflectionPad3d");
  padding_layer<nn::ReplicationPad1d>("ReplicationPad1d");
  padding_layer<nn::ReplicationPad2d>("ReplicationPad2d");
  padding_layer<nn::ReplicationPad3d>("ReplicationPad3d");
  padding_layer<nn::CircularPad1d>("CircularPad1d");
  padding_layer<nn::CircularPad2d>("CircularPad2d");
  padding_layer<nn::CircularPad3d>("CircularPad3d");
  padding_layer<nn::ZeroPad1d>("ZeroPad1d");
  padding_layer<nn::ZeroPad2d>("ZeroPad2d");
  padding_layer<nn::ZeroPad3d>("ZeroPad3d");
  layer("ConstantPad1d", [](const Sample& s) { return nn::ConstantPad1d(sides(s), number(s, 1, "value", 0)); });
  layer("ConstantPad2d", [](const Sample& s) { return nn::ConstantPad2d(sides(s), number(s, 1, "value", 0)); });
  layer("ConstantPad3d", [](const Sample& s) { return nn::ConstantPad3d(sides(s), number(s, 1, "value", 0)); });
}
