// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/adaptive_avg_pool2d.hpp>
#include <torchlite/nn/avg_pool2d.hpp>
#include <torchlite/nn/batch_norm.hpp>
#include <torchlite/nn/embedding.hpp>
#include <torchlite/nn/layer_norm.hpp>
#include <torchlite/nn/linear.hpp>
#include <torchlite/nn/max_pool2d.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

namespace {
nn::BatchNormOptions batch_norm(const Sample& s) {
  nn::BatchNormOptions o{.num_features = integer(s, 0, "num_features", 0), .eps = number(s, 1, "eps", 1e-5)};
  const Json* momentum = s.ctor_argument(2, "momentum");
  if (momentum != nullptr) o.momentum = momentum->is_null() ? std::nullopt : std::optional<double>(momentum->get<double>());
  o.affine = flag(s, 3, "affine", true);
  o.track_running_stats = flag(s, 4, "track_running_stats", true);
  return o;
}
}  // namespace

TEST_CASE("Linear is PyTorch's", "[nn][golden]") {
  layer("Linear", [](const Sample& s) {
    return nn::Linear<double, Device>({integer(s, 0, "", 0), integer(s, 1, "", 0), flag(s, 2, "bias", true)});
  });
}
TEST_CASE("BatchNorm1d is PyTorch's, running statistics included", "[nn][golden]") {
  layer("BatchNorm1d", [](const Sample& s) { return nn::BatchNorm1d<double, Device>(batch_norm(s)); });
}
TEST_CASE("BatchNorm2d is PyTorch's, running statistics included", "[nn][golden]") {
  layer("BatchNorm2d", [](const Sample& s) { return nn::BatchNorm2d<double, Device>(batch_norm(s)); });
}
TEST_CASE("LayerNorm is PyTorch's", "[nn][golden]") {
  layer("LayerNorm", [](const Sample& s) {
    return nn::LayerNorm<double, Device>({.normalized_shape = tl::Shape(golden::integers(*s.ctor_argument(0, "normalized_shape"))),
                                          .eps = number(s, 1, "eps", 1e-5),
                                          .elementwise_affine = flag(s, 2, "elementwise_affine", true),
                                          .bias = flag(s, 3, "bias", true)});
  });
}
TEST_CASE("Embedding is PyTorch's", "[nn][golden]") {
  for (const Sample& s : golden::modules().samples("Embedding")) {
    nn::Embedding<double, Device> table(integer(s, 0, "num_embeddings", 0), integer(s, 1, "embedding_dim", 0));
    load_state(table, s);
    compare(table, s, table(tensor<std::int64_t>(s.in(0))), {});
  }
}
TEST_CASE("pooling layers are PyTorch's", "[nn][golden]") {
  layer("MaxPool2d", [](const Sample& s) {
    return nn::MaxPool2d(
        {.kernel_size = pair(s, 0, "kernel_size", 1), .stride = pair(s, 1, "stride", 0), .padding = pair(s, 2, "padding", 0)});
  });
  layer("AvgPool2d", [](const Sample& s) {
    return nn::AvgPool2d({.kernel_size = pair(s, 0, "kernel_size", 1),
                          .stride = pair(s, 1, "stride", 0),
                          .padding = pair(s, 2, "padding", 0),
                          .ceil_mode = flag(s, 3, "ceil_mode", false),
                          .count_include_pad = flag(s, 4, "count_include_pad", true),
                          .divisor_override = integer(s, 5, "divisor_override", 0)});
  });
  layer("AdaptiveAvgPool2d", [](const Sample& s) {
    const Json& size = *s.ctor_argument(0, "output_size");
    if (size.is_array() && size[1].is_null()) return nn::AdaptiveAvgPool2d(tl::Pair(size[0].get<std::int64_t>(), tl::same_size));
    return nn::AdaptiveAvgPool2d(pair(s, 0, "output_size", 1));
  });
}
