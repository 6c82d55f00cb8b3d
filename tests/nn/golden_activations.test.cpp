// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/activations.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

TEST_CASE("activations without options are PyTorch's", "[nn][golden]") {
  layer("ReLU", [](const Sample&) { return nn::ReLU(); });
  layer("ReLU6", [](const Sample&) { return nn::ReLU6(); });
  layer("SELU", [](const Sample&) { return nn::SELU(); });
  layer("SiLU", [](const Sample&) { return nn::SiLU(); });
  layer("Sigmoid", [](const Sample&) { return nn::Sigmoid(); });
  layer("Tanh", [](const Sample&) { return nn::Tanh(); });
  layer("Hardswish", [](const Sample&) { return nn::Hardswish(); });
  layer("Mish", [](const Sample&) { return nn::Mish(); });
  layer("Softsign", [](const Sample&) { return nn::Softsign(); });
  layer("Tanhshrink", [](const Sample&) { return nn::Tanhshrink(); });
  layer("LogSigmoid", [](const Sample&) { return nn::LogSigmoid(); });
  layer("GELU", [](const Sample&) { return nn::GELU(); });
}
TEST_CASE("activations with options are PyTorch's", "[nn][golden]") {
  layer("LeakyReLU", [](const Sample& s) { return nn::LeakyReLU(number(s, 0, "negative_slope", 0.01)); });
  layer("ELU", [](const Sample& s) { return nn::ELU(number(s, 0, "alpha", 1)); });
  layer("CELU", [](const Sample& s) { return nn::CELU(number(s, 0, "alpha", 1)); });
  layer("Hardshrink", [](const Sample& s) { return nn::Hardshrink(number(s, 0, "lambd", 0.5)); });
  layer("Softshrink", [](const Sample& s) { return nn::Softshrink(number(s, 0, "lambd", 0.5)); });
  layer("Softplus", [](const Sample& s) { return nn::Softplus(number(s, 0, "beta", 1), number(s, 1, "threshold", 20)); });
  layer("Hardtanh", [](const Sample& s) { return nn::Hardtanh(number(s, 0, "min_val", -1), number(s, 1, "max_val", 1)); });
  layer("Threshold", [](const Sample& s) { return nn::Threshold(number(s, 0, "threshold", 0), number(s, 1, "value", 0)); });
}
TEST_CASE("Softmax and LogSoftmax are PyTorch's", "[nn][golden]") {
  layer("Softmax", [](const Sample& s) { return nn::Softmax(integer(s, 0, "dim", -1)); });
  layer("LogSoftmax", [](const Sample& s) { return nn::LogSoftmax(integer(s, 0, "dim", -1)); });
}
