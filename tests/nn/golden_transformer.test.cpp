// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/transformer.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;
using Real = Tensor<double>;

namespace {
nn::TransformerLayerOptions options(const Sample& s) {
  const Json* activation = s.ctor_argument(4, "activation");
  return {.d_model = integer(s, 0, "d_model", 0),
          .nhead = integer(s, 1, "nhead", 0),
          .dim_feedforward = integer(s, 2, "dim_feedforward", 2048),
          .dropout = number(s, 3, "dropout", 0.1),
          .activation = activation == nullptr ? nn::TransformerActivation::relu : nn::TransformerActivation::gelu,
          .batch_first = flag(s, 99, "batch_first", false),
          .norm_first = flag(s, 99, "norm_first", false),
          .bias = flag(s, 99, "bias", true)};
}
Tensor<bool> mask(const Sample& s, const char* name) {
  const Json* j = s.argument(99, name);
  if (j == nullptr || j->is_null()) return {};
  const golden::Array& a = s.at(golden::tensor_name(*j));
  return Tensor<bool>::from(std::vector<bool>(a.integers.begin(), a.integers.end()), tl::Shape(a.shape));
}
}  // namespace

TEST_CASE("TransformerEncoderLayer is PyTorch's", "[nn][golden]") {
  for (const Sample& s : golden::modules().samples("TransformerEncoderLayer")) {
    CAPTURE(s.info.dump());
    nn::TransformerEncoderLayer<double, Device> m(options(s));
    load_state(m, s);
    const auto x = tensor<double>(s.in(0)).requires_grad_();
    compare(m, s, m(x, {.key_padding_mask = mask(s, "src_key_padding_mask")}), {x});
  }
}

TEST_CASE("TransformerDecoderLayer is PyTorch's", "[nn][golden]") {
  for (const Sample& s : golden::modules().samples("TransformerDecoderLayer")) {
    CAPTURE(s.info.dump());
    nn::TransformerDecoderLayer<double, Device> m(options(s));
    load_state(m, s);
    const auto x = tensor<double>(s.in(0)).requires_grad_(), memory = tensor<double>(s.in(1)).requires_grad_();
    compare(m, s,
            m(x, memory, {.key_padding_mask = mask(s, "tgt_key_padding_mask")}, {.key_padding_mask = mask(s, "memory_key_padding_mask")}),
            {x, memory});
  }
}

TEST_CASE("Transformer is PyTorch's", "[nn][golden]") {
  for (const Sample& s : golden::modules().samples("Transformer")) {
    CAPTURE(s.info.dump());
    nn::Transformer<double, Device> m({.d_model = integer(s, 99, "d_model", 0),
                                       .nhead = integer(s, 99, "nhead", 0),
                                       .num_encoder_layers = integer(s, 99, "num_encoder_layers", 6),
                                       .num_decoder_layers = integer(s, 99, "num_decoder_layers", 6),
                                       .dim_feedforward = integer(s, 99, "dim_feedforward", 2048),
                                       .dropout = number(s, 99, "dropout", 0.1),
                                       .batch_first = flag(s, 99, "batch_first", false),
                                       .norm_first = flag(s, 99, "norm_first", false),
                                       .bias = flag(s, 99, "bias", true)});
    load_state(m, s);
    const auto src = tensor<double>(s.in(0)).requires_grad_(), tgt = tensor<double>(s.in(1)).requires_grad_();
    compare(m, s, m(src, tgt, {.key_padding_mask = mask(s, "src_key_padding_mask")}, {.key_padding_mask = mask(s, "tgt_key_padding_mask")}),
            {src, tgt});
  }
}
