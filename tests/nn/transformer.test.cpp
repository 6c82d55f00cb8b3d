// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/transformer.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;
using Real = tl::Tensor<double>;

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
tl::Tensor<bool> mask(const Sample& s, const char* name) {
  const Json* j = s.argument(99, name);
  if (j == nullptr || j->is_null()) return {};
  const golden::Array& a = s.at(golden::tensor_name(*j));
  return tl::Tensor<bool>::from(std::vector<bool>(a.integers.begin(), a.integers.end()), tl::Shape(a.shape));
}
Real numbers(const tl::Shape& sizes, std::uint64_t seed) {
  Real x = tl::empty<double>(sizes);
  for (std::int64_t i = 0; i < x.numel(); ++i) x.data()[i] = 2 * golden::uniform(seed, static_cast<std::uint64_t>(i)) - 1;
  return x;
}
}  // namespace

TEST_CASE("TransformerEncoderLayer is PyTorch's", "[nn][golden]") {
  for (const Sample& s : golden::modules().samples("TransformerEncoderLayer")) {
    CAPTURE(s.info.dump());
    nn::TransformerEncoderLayer<double> m(options(s));
    load_state(m, s);
    const auto x = tensor<double>(s.in(0)).requires_grad_();
    compare(m, s, m(x, {.key_padding_mask = mask(s, "src_key_padding_mask")}), {x});
  }
}
TEST_CASE("TransformerDecoderLayer is PyTorch's", "[nn][golden]") {
  for (const Sample& s : golden::modules().samples("TransformerDecoderLayer")) {
    CAPTURE(s.info.dump());
    nn::TransformerDecoderLayer<double> m(options(s));
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
    nn::Transformer<double> m({.d_model = integer(s, 99, "d_model", 0),
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

TEST_CASE("an encoder is its layers one after the other, each with weights of its own", "[nn]") {
  const nn::TransformerEncoderLayer<double> layer({.d_model = 4, .nhead = 2, .dim_feedforward = 8, .dropout = 0});
  const nn::TransformerEncoder<double> encoder(layer, 2, nn::LayerNorm<double>(4));
  const Real x = numbers({3, 2, 4}, 1);
  const Real want = nn::LayerNorm<double>(4)(layer(layer(x)));
  CHECK(golden::difference(encoder(x).to_vector(), want.to_vector()) < 1e-14);
  CHECK(encoder.layers[0].linear1.weight.data() != encoder.layers[1].linear1.weight.data());
  CHECK(encoder.state_dict().contains("layers.1.self_attn.out_proj.weight"));
}
TEST_CASE("a causal decoder does not look ahead; dropout acts in training only", "[nn]") {
  nn::Transformer<double> m({.d_model = 4, .nhead = 2, .num_encoder_layers = 1, .num_decoder_layers = 2, .dim_feedforward = 8});
  m.eval();
  const Real src = numbers({3, 1, 4}, 2), tgt = numbers({5, 1, 4}, 3), changed = tl::clone(tgt);
  for (int i = 12; i < 20; ++i) changed.data()[i] += 1;
  const nn::MultiheadAttentionCall<double, tl::Cpu> causal{.attn_mask = m.generate_square_subsequent_mask(5)};
  const auto a = m(src, tgt, {}, causal).to_vector(), b = m(src, changed, {}, causal).to_vector();
  CHECK(golden::difference(std::vector<double>(a.begin(), a.begin() + 12), std::vector<double>(b.begin(), b.begin() + 12)) < 1e-14);
  CHECK(a[13] != b[13]);
  CHECK(m(src, tgt).to_vector() == m(src, tgt).to_vector());
  m.train();
  CHECK(m(src, tgt).to_vector() != m(src, tgt).to_vector());
  CHECK_THROWS_WITH(m(src, numbers({5, 1, 3}, 1)), ContainsSubstring("[5, 1, 3]"));
}
