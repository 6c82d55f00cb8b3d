// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/activations.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

TEST_CASE("activations without options are PyTorch's", "[nn][golden]") {
  module("ReLU", [](const Sample&) { return nn::ReLU(); });
  module("ReLU6", [](const Sample&) { return nn::ReLU6(); });
  module("SELU", [](const Sample&) { return nn::SELU(); });
  module("SiLU", [](const Sample&) { return nn::SiLU(); });
  module("Sigmoid", [](const Sample&) { return nn::Sigmoid(); });
  module("Tanh", [](const Sample&) { return nn::Tanh(); });
  module("Hardswish", [](const Sample&) { return nn::Hardswish(); });
  module("Mish", [](const Sample&) { return nn::Mish(); });
  module("Softsign", [](const Sample&) { return nn::Softsign(); });
  module("Tanhshrink", [](const Sample&) { return nn::Tanhshrink(); });
  module("LogSigmoid", [](const Sample&) { return nn::LogSigmoid(); });
  module("GELU", [](const Sample&) { return nn::GELU(); });
}
TEST_CASE("activations with options are PyTorch's", "[nn][golden]") {
  module("LeakyReLU", [](const Sample& s) { return nn::LeakyReLU(number(s, 0, "negative_slope", 0.01)); });
  module("ELU", [](const Sample& s) { return nn::ELU(number(s, 0, "alpha", 1)); });
  module("CELU", [](const Sample& s) { return nn::CELU(number(s, 0, "alpha", 1)); });
  module("Hardshrink", [](const Sample& s) { return nn::Hardshrink(number(s, 0, "lambd", 0.5)); });
  module("Softshrink", [](const Sample& s) { return nn::Softshrink(number(s, 0, "lambd", 0.5)); });
  module("Softplus", [](const Sample& s) { return nn::Softplus(number(s, 0, "beta", 1), number(s, 1, "threshold", 20)); });
  module("Hardtanh", [](const Sample& s) { return nn::Hardtanh(number(s, 0, "min_val", -1), number(s, 1, "max_val", 1)); });
  module("Threshold", [](const Sample& s) { return nn::Threshold(number(s, 0, "threshold", 0), number(s, 1, "value", 0)); });
}
TEST_CASE("Softmax and LogSoftmax are PyTorch's", "[nn][golden]") {
  module("Softmax", [](const Sample& s) { return nn::Softmax(integer(s, 0, "dim", -1)); });
  module("LogSoftmax", [](const Sample& s) { return nn::LogSoftmax(integer(s, 0, "dim", -1)); });
}
