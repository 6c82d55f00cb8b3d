// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/losses.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

namespace {
tl::Reduction reduction(const Sample& s) {
  const Json* j = s.ctor_argument(99, "reduction");
  const std::string name = j == nullptr ? "mean" : j->get<std::string>();
  return name == "none" ? tl::Reduction::none : (name == "sum" ? tl::Reduction::sum : tl::Reduction::mean);
}
Tensor<double> weight(const Sample& s, const char* name) {
  const Json* j = s.ctor_argument(99, name);
  return j == nullptr || !golden::is_tensor(*j) ? Tensor<double>() : tensor<double>(s.at(golden::tensor_name(*j)));
}
}  // namespace

TEST_CASE("losses of numbers are PyTorch's", "[nn][golden]") {
  loss("MSELoss", [](const Sample& s) { return nn::MSELoss({.reduction = reduction(s)}); });
  loss("L1Loss", [](const Sample& s) { return nn::L1Loss({.reduction = reduction(s)}); });
  loss("SmoothL1Loss", [](const Sample& s) { return nn::SmoothL1Loss({.reduction = reduction(s), .beta = number(s, 99, "beta", 1)}); });
  loss("HuberLoss", [](const Sample& s) { return nn::HuberLoss({.reduction = reduction(s), .delta = number(s, 99, "delta", 1)}); });
}
TEST_CASE("CrossEntropyLoss and NLLLoss are PyTorch's", "[nn][golden]") {
  loss<Target::either>("CrossEntropyLoss", [](const Sample& s) {
    return nn::CrossEntropyLoss<double, Device>({.weight = weight(s, "weight"),
                                                 .ignore_index = integer(s, 99, "ignore_index", -100),
                                                 .reduction = reduction(s),
                                                 .label_smoothing = number(s, 99, "label_smoothing", 0)});
  });
  loss<Target::classes>("NLLLoss", [](const Sample& s) {
    return nn::NLLLoss<double, Device>(
        {.weight = weight(s, "weight"), .ignore_index = integer(s, 99, "ignore_index", -100), .reduction = reduction(s)});
  });
}
TEST_CASE("BCELoss and BCEWithLogitsLoss are PyTorch's", "[nn][golden]") {
  loss("BCELoss", [](const Sample& s) { return nn::BCELoss<double, Device>({.weight = weight(s, "weight"), .reduction = reduction(s)}); });
  loss("BCEWithLogitsLoss", [](const Sample& s) {
    return nn::BCEWithLogitsLoss<double, Device>(
        {.weight = weight(s, "weight"), .reduction = reduction(s), .pos_weight = weight(s, "pos_weight")});
  });
}
