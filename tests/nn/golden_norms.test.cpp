// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/activations.hpp>
#include <torchlite/nn/batch_norm.hpp>
#include <torchlite/nn/bilinear.hpp>
#include <torchlite/nn/group_norm.hpp>
#include <torchlite/nn/instance_norm.hpp>
#include <torchlite/nn/local_response_norm.hpp>
#include <torchlite/nn/rms_norm.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

namespace {
nn::InstanceNormOptions instance_norm(const Sample& s) {
  return {.num_features = integer(s, 0, "num_features", 0),
          .eps = number(s, 1, "eps", 1e-5),
          .momentum = number(s, 2, "momentum", 0.1),
          .affine = flag(s, 3, "affine", false),
          .track_running_stats = flag(s, 4, "track_running_stats", false)};
}
}  // namespace

TEST_CASE("BatchNorm3d is PyTorch's, running statistics included", "[nn][golden]") {
  layer("BatchNorm3d", [](const Sample& s) {
    nn::BatchNormOptions o{.num_features = integer(s, 0, "num_features", 0), .eps = number(s, 1, "eps", 1e-5)};
    const Json* momentum = s.ctor_argument(2, "momentum");
    if (momentum != nullptr) o.momentum = momentum->is_null() ? std::nullopt : std::optional<double>(momentum->get<double>());
    o.affine = flag(s, 3, "affine", true);
    o.track_running_stats = flag(s, 4, "track_running_stats", true);
    return nn::BatchNorm3d<double, Device>(o);
  });
}
TEST_CASE("InstanceNorm of one, two and three dimensions is PyTorch's, with and without a batch", "[nn][golden]") {
  layer("InstanceNorm1d", [](const Sample& s) { return nn::InstanceNorm1d<double, Device>(instance_norm(s)); });
  layer("InstanceNorm2d", [](const Sample& s) { return nn::InstanceNorm2d<double, Device>(instance_norm(s)); });
  layer("InstanceNorm3d", [](const Sample& s) { return nn::InstanceNorm3d<double, Device>(instance_norm(s)); });
}
TEST_CASE("GroupNorm, RMSNorm and LocalResponseNorm are PyTorch's", "[nn][golden]") {
  layer("GroupNorm", [](const Sample& s) {
    return nn::GroupNorm<double, Device>({.num_groups = integer(s, 0, "num_groups", 1),
                                          .num_channels = integer(s, 1, "num_channels", 0),
                                          .eps = number(s, 2, "eps", 1e-5),
                                          .affine = flag(s, 3, "affine", true)});
  });
  layer("RMSNorm", [](const Sample& s) {
    const Json* eps = s.ctor_argument(1, "eps");
    return nn::RMSNorm<double, Device>({.normalized_shape = tl::Shape(golden::integers(*s.ctor_argument(0, "normalized_shape"))),
                                        .eps = eps == nullptr || eps->is_null() ? std::nullopt : std::optional<double>(eps->get<double>()),
                                        .elementwise_affine = flag(s, 2, "elementwise_affine", true)});
  });
  layer("LocalResponseNorm", [](const Sample& s) {
    return nn::LocalResponseNorm(integer(s, 0, "size", 1), number(s, 1, "alpha", 1e-4), number(s, 2, "beta", 0.75), number(s, 3, "k", 1));
  });
}
TEST_CASE("Softmin and Softmax2d are PyTorch's", "[nn][golden]") {
  layer("Softmin", [](const Sample& s) { return nn::Softmin(integer(s, 0, "dim", -1)); });
  layer("Softmax2d", [](const Sample&) { return nn::Softmax2d(); });
}
TEST_CASE("Bilinear is PyTorch's", "[nn][golden]") {
  for (const Sample& s : golden::modules().samples("Bilinear")) {
    CAPTURE(s.info.dump());
    nn::Bilinear<double, Device> m({integer(s, 0, "", 0), integer(s, 1, "", 0), integer(s, 2, "", 0), flag(s, 3, "bias", true)});
    load_state(m, s);
    const auto a = tensor<double>(s.in(0)).requires_grad_(), b = tensor<double>(s.in(1)).requires_grad_();
    compare(m, s, m(a, b), {a, b});
  }
}
