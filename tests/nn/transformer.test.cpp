// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/transformer.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;
using Real = tl::Tensor<double>;

namespace {
Real numbers(const tl::Shape& sizes, std::uint64_t seed) {
  Real x = tl::empty<double>(sizes);
  for (std::int64_t i = 0; i < x.numel(); ++i) x.data()[i] = 2 * golden::uniform(seed, static_cast<std::uint64_t>(i)) - 1;
  return x;
}
}  // namespace

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
