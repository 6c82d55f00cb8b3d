// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/nn/multihead_attention.hpp>
#include <torchlite/ops/methods.hpp>

namespace tl = torchlite;
namespace nn = tl::nn;

namespace {
/// Attention by its definition, element by element.
std::vector<double> by_hand(const nn::MultiheadAttention<double>& m, const tl::Tensor<double>& q, const tl::Tensor<double>& k,
                            const tl::Tensor<double>& v, auto visible) {
  const std::int64_t n = q.size(0), l = q.size(1), s = k.size(1), e = q.size(2), heads = m.options.num_heads, d = e / heads;
  const auto project = [&](const tl::Tensor<double>& x, std::int64_t b, std::int64_t t, std::int64_t part, std::int64_t j) {
    double sum = m.in_proj_bias.data()[part * e + j];
    for (std::int64_t i = 0; i < e; ++i) sum += x.data()[(b * x.size(1) + t) * e + i] * m.in_proj_weight.data()[(part * e + j) * e + i];
    return sum;
  };
  std::vector<double> out;
  for (std::int64_t b = 0; b < n; ++b)
    for (std::int64_t t = 0; t < l; ++t) {
      std::vector<double> joined;
      for (std::int64_t h = 0; h < heads; ++h) {
        std::vector<double> weight;
        double total = 0;
        for (std::int64_t u = 0; u < s; ++u) {
          double score = 0;
          for (std::int64_t j = h * d; j < (h + 1) * d; ++j) score += project(q, b, t, 0, j) * project(k, b, u, 1, j);
          weight.push_back(visible(b, t, u) ? std::exp(score / std::sqrt(static_cast<double>(d))) : 0);
          total += weight.back();
        }
        for (std::int64_t j = h * d; j < (h + 1) * d; ++j) {
          double sum = 0;
          for (std::int64_t u = 0; u < s; ++u) sum += weight[static_cast<std::size_t>(u)] / total * project(v, b, u, 2, j);
          joined.push_back(sum);
        }
      }
      for (std::int64_t j = 0; j < e; ++j) {
        double sum = m.out_proj.bias.data()[j];
        for (std::int64_t i = 0; i < e; ++i) sum += joined[static_cast<std::size_t>(i)] * m.out_proj.weight.data()[j * e + i];
        out.push_back(sum);
      }
    }
  return out;
}
void check_equal(const std::vector<double>& got, const std::vector<double>& want) {
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(want[i]).margin(1e-12));
}
}  // namespace

TEST_CASE("attention equals its definition: all keys, earlier keys, masked keys, other keys", "[nn][multihead_attention]") {
  tl::manual_seed(4);
  nn::MultiheadAttention<double> m{{.embed_dim = 6, .num_heads = 2}};
  nn::init::uniform_(m.in_proj_bias, -1, 1);
  const auto x = tl::randn<double>({2, 3, 6}), y = tl::randn<double>({2, 4, 6}), z = tl::randn<double>({2, 4, 6});
  const auto all = [](auto, auto, auto) { return true; };
  check_equal(m(x, x, x).to_vector(), by_hand(m, x, x, x, all));
  check_equal(m(x, x, x, {.is_causal = true}).to_vector(), by_hand(m, x, x, x, [](auto, auto t, auto u) { return u <= t; }));
  check_equal(m(x, y, z).to_vector(), by_hand(m, x, y, z, all));

  const tl::Tensor<bool> padding({2, 4}, {false, false, true, true, false, true, false, false});
  const auto unpadded = [&](auto b, auto, auto u) { return !padding.data()[b * 4 + u]; };
  check_equal(m(x, y, z, {.key_padding_mask = padding}).to_vector(), by_hand(m, x, y, z, unpadded));
  const tl::Tensor<bool> mask({3, 4}, {false, true, false, true, false, false, false, true, true, false, false, false});
  const auto allowed = [&](auto b, auto t, auto u) { return unpadded(b, t, u) && !mask.data()[t * 4 + u]; };
  check_equal(m(x, y, z, {.key_padding_mask = padding, .attn_mask = mask}).to_vector(), by_hand(m, x, y, z, allowed));
}

TEST_CASE("tensors can have the length first, and heads must divide the width", "[nn][multihead_attention]") {
  nn::MultiheadAttention<double> m{{.embed_dim = 4, .num_heads = 2}}, length_first{{.embed_dim = 4, .num_heads = 2, .batch_first = false}};
  length_first.load_state_dict(m.state_dict());
  const auto x = tl::randn<double>({2, 3, 4});
  const auto t = tl::transpose(x, 0, 1).contiguous();
  check_equal(tl::transpose(length_first(t, t, t), 0, 1).contiguous().to_vector(), m(x, x, x).to_vector());
  CHECK_THROWS_WITH((nn::MultiheadAttention<double>{5, 2}), ContainsSubstring("divisible"));
}

TEST_CASE("self-attention in one node has the gradients of its parts, to the second order, batch first or not",
          "[nn][multihead_attention]") {
  tl::manual_seed(7);
  for (const bool batch_first : {true, false}) {
    nn::MultiheadAttention<double> m{{.embed_dim = 6, .num_heads = 2, .batch_first = batch_first}};
    nn::init::uniform_(m.in_proj_bias, -1, 1);
    const auto x = tl::randn<double>({3, 5, 6});
    std::vector<std::vector<double>> numbers[2];
    for (const int parts : {0, 1}) {
      const tl::Tensor<double> a = x.clone().requires_grad_();
      const tl::Tensor<double> b = parts == 1 ? tl::Tensor<double>(a * 1.0) : a;  // another tensor of the same numbers: projected apart
      const tl::Tensor<double> y = m(a, b, b, {.is_causal = true});
      const tl::Tensor<double> g = tl::autograd::grad(tl::sum(y * y), a, {.create_graph = true});
      const tl::Tensor<double> gg = tl::autograd::grad(tl::sum(g * g), a);
      numbers[parts] = {y.to_vector(), g.to_vector(), gg.to_vector()};
    }
    for (std::size_t i = 0; i < 3; ++i) check_equal(numbers[0][i], numbers[1][i]);
  }
}
