// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/attention/multi_head_attention_forward.hpp>
#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>
#include <torchlite/ops/methods.hpp>

using namespace samples;
namespace F = tl::nn::functional;

namespace {
Real noise(const tl::Shape& sizes, std::uint64_t seed) {
  Real x = tl::empty<double>(sizes);
  for (std::int64_t i = 0; i < x.numel(); ++i) x.data()[i] = 2 * golden::uniform(seed, static_cast<std::uint64_t>(i)) - 1;
  return x;
}
}  // namespace

namespace {
/// Output, gradients of q, k, v and, if asked for, gradients of the sum of their squares.
std::vector<std::vector<double>> attention_numbers(const std::vector<Real>& in, const tl::AttentionOptions& options, bool fused,
                                                   bool second) {
  const Real y = fused ? tl::ops::unmasked_attention(in[0], in[1], in[2], options, tl::Site{})
                       : tl::ops::composed_attention(in[0], in[1], in[2], options, tl::Site{});
  std::vector<std::vector<double>> out{y.to_vector()};
  const std::vector<Real> none, loss{Real(tl::sum(Real(y * noise(y.sizes(), 9))))};
  const auto first = tl::autograd::grad<double, tl::Cpu, double>(loss, in, none, {.create_graph = second});
  Real squares = tl::zeros<double>({});
  for (const Real& g : first) out.push_back(g.to_vector()), squares = squares + tl::sum(Real(g * g));
  const std::vector<Real> again{squares};
  if (second)
    for (const Real& g : tl::autograd::grad<double, tl::Cpu, double>(again, in, none)) out.push_back(g.to_vector());
  return out;
}
void compare_fused(const std::vector<Real>& in, const tl::AttentionOptions& options, bool second) {
  const auto got = attention_numbers(in, options, true, second), want = attention_numbers(in, options, false, second);
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    double largest = 1;
    for (const double v : want[i]) largest = std::max(largest, std::fabs(v));
    CHECK(golden::difference(got[i], want[i]) <= 1e-12 * largest);
  }
}
}  // namespace

TEST_CASE("attention in one kernel gives the numbers of its definition, to the second derivative, for all sizes", "[ops][attention]") {
  struct Size {
    std::int64_t queries, keys, width, value_width;
  };
  // The last ones have several blocks of queries and of keys, with and without tails.
  for (const Size& s :
       {Size{1, 1, 1, 1}, Size{3, 5, 2, 4}, Size{33, 16, 8, 3}, Size{40, 17, 5, 33}, Size{5, 300, 4, 4}, Size{290, 515, 3, 2}})
    for (const int variant : {0, 1, 2, 3}) {
      CAPTURE(s.queries, s.keys, s.width, s.value_width, variant);
      const bool large = s.queries > 100;
      const tl::Shape heads = large ? tl::Shape{1} : tl::Shape{2, 3};
      const auto make = [&](std::int64_t rows, std::int64_t width, std::uint64_t seed) {
        tl::Shape sizes = heads;
        sizes.push_back(rows), sizes.push_back(width);
        if (variant < 2) return Real(noise(sizes, seed) * 3.0).detach().requires_grad_();
        // Rows and heads exchanged, and between columns that are not used.
        std::swap(sizes[sizes.rank() - 2], sizes[sizes.rank() - 3]);
        sizes[sizes.rank() - 1] = width + 2;
        const Real wide = noise(sizes, seed);
        return tl::transpose(tl::narrow(wide, -1, 1, width), -2, -3).detach().requires_grad_();
      };
      const std::vector<Real> in{make(s.queries, s.width, 1), make(s.keys, s.width, 2), make(s.keys, s.value_width, 3)};
      const tl::AttentionOptions options{.is_causal = variant % 2 == 1, .scale = variant == 2 ? -0.7 : 0};
      compare_fused(in, options, !large);
    }
}

TEST_CASE("attention of grouped heads, equal tensors and columns without unit stride", "[ops][attention]") {
  const auto with_grad = [](Real x) { return x.requires_grad_(); };
  compare_fused({with_grad(noise({2, 6, 5, 4}, 1)), with_grad(noise({2, 2, 7, 4}, 2)), with_grad(noise({2, 2, 7, 3}, 3))},
                {.enable_gqa = true}, true);
  compare_fused({with_grad(noise({2, 6, 5, 4}, 1)), with_grad(noise({2, 6, 7, 4}, 2)), with_grad(noise({2, 6, 7, 3}, 3))},
                {.is_causal = true, .enable_gqa = true}, true);
  const auto turned = [](std::uint64_t seed) { return tl::transpose(noise({2, 4, 6}, seed), 1, 2).detach().requires_grad_(); };
  compare_fused({turned(1), turned(2), turned(3)}, {}, true);
  const Real x = noise({2, 5, 4}, 4).requires_grad_();
  tl::sum(F::scaled_dot_product_attention(x, x, x, {.is_causal = true})).backward();
  const Real y = noise({2, 5, 4}, 4).requires_grad_();
  tl::sum(tl::ops::composed_attention(y, y, y, {.is_causal = true}, tl::Site{})).backward();
  CHECK(golden::difference(x.grad().to_vector(), y.grad().to_vector()) < 1e-13);
}

TEST_CASE("attention: infinite scores, NaNs, memory modified before backward, threads", "[ops][attention]") {
  // Keys before the block of the only ones with finite scores have weight 0.
  const double inf = std::numeric_limits<double>::infinity();
  Real q = tl::ones<double>({1, 1}), k = tl::zeros<double>({300, 1}), v = noise({300, 2}, 1);
  for (int i = 0; i < 299; ++i) k.data()[i] = -inf;
  const auto only = F::scaled_dot_product_attention(q, k, v).to_vector();
  CHECK(only[0] == v.data()[598]);
  CHECK(only[1] == v.data()[599]);
  k.data()[7] = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(F::scaled_dot_product_attention(q, k, v).to_vector()[0]));

  const Real x = noise({2, 5, 4}, 4).requires_grad_();
  const Real y = F::scaled_dot_product_attention(x, x, x);
  {
    const tl::NoGradGuard guard;
    y.detach().fill_(0);
  }
  CHECK_THROWS_WITH(tl::sum(y).backward(), ContainsSubstring("modified in place"));

  const int before = tl::get_num_threads();
  const std::vector<Real> in{noise({5, 70, 16}, 1).requires_grad_(), noise({5, 70, 16}, 2).requires_grad_(),
                             noise({5, 70, 16}, 3).requires_grad_()};
  tl::set_num_threads(1);
  const auto one = attention_numbers(in, {.is_causal = true}, true, false);
  tl::set_num_threads(3);
  CHECK(attention_numbers(in, {.is_causal = true}, true, false) == one);
  tl::set_num_threads(before);
}

TEST_CASE("a causal query does not see later keys", "[ops][attention]") {
  const Real q = noise({2, 4, 3}, 1).requires_grad_(), k = noise({2, 4, 3}, 2).requires_grad_(), v = noise({2, 4, 5}, 3).requires_grad_();
  const Real causal = F::scaled_dot_product_attention(q, k, v, {.is_causal = true});
  tl::Tensor<bool> seen = tl::empty<bool>({4, 4});
  for (int i = 0; i < 16; ++i) seen.data()[i] = i % 4 <= i / 4;
  const Real masked = F::scaled_dot_product_attention(q, k, v, seen);
  for (int i = 0; i < 40; ++i) CHECK(causal.data()[i] == Approx(masked.data()[i]).margin(1e-14));
  for (int i = 0; i < 5; ++i) CHECK(causal.data()[i] == Approx(v.data()[i]));
  CHECK(tl::gradcheck(
      [](const auto& a, const auto& b, const auto& c) { return F::scaled_dot_product_attention(a, b, c, {.is_causal = true}); }, q, k, v));
}

TEST_CASE("a query that sees no key gets zeros, and gradients stay finite", "[ops][attention]") {
  const Real q = noise({2, 3}, 1).requires_grad_(), k = noise({2, 3}, 2).requires_grad_(), v = noise({2, 3}, 3).requires_grad_();
  const double inf = std::numeric_limits<double>::infinity();
  const Real by_bool = F::scaled_dot_product_attention(q, k, v, Mask({2, 2}, {true, false, false, false}));
  const Real by_number = F::scaled_dot_product_attention(q, k, v, Real({2, 2}, {0, -inf, -inf, -inf}));
  for (const Real& y : {by_bool, by_number}) {
    for (int i = 0; i < 3; ++i) CHECK(y.to_vector()[static_cast<std::size_t>(i)] == Approx(v.to_vector()[static_cast<std::size_t>(i)]));
    for (int i = 3; i < 6; ++i) CHECK(y.to_vector()[static_cast<std::size_t>(i)] == 0);
    tl::sum(y).backward();
    for (const Real& t : {q, k, v})
      for (const double g : t.grad().to_vector()) CHECK(std::isfinite(g));
  }
}

TEST_CASE("with fewer heads of key and value each serves several heads of the query, in order", "[ops][attention]") {
  const Real q = noise({2, 4, 3, 2}, 1), k = noise({2, 2, 5, 2}, 2), v = noise({2, 2, 5, 3}, 3);
  const Real y = F::scaled_dot_product_attention(q, k, v, {.enable_gqa = true});
  for (int h = 0; h < 4; ++h) {
    const Real one = F::scaled_dot_product_attention(tl::select(q, 1, h), tl::select(k, 1, h / 2), tl::select(v, 1, h / 2));
    const Real same = tl::select(y, 1, h);
    CHECK(golden::difference(same.to_vector(), one.to_vector()) < 1e-14);
  }
  CHECK_THROWS_WITH(F::scaled_dot_product_attention(noise({2, 3, 3, 2}, 1), k, v, {.enable_gqa = true}), ContainsSubstring("3 heads"));
}

TEST_CASE("dropout of attention weights keeps their mean", "[ops][attention]") {
  tl::manual_seed(5);
  const tl::Tensor<float> q = tl::zeros<float>({1, 1}), k = tl::zeros<float>({4000, 1}), v = tl::ones<float>({4000, 1});
  CHECK(F::scaled_dot_product_attention(q, k, v, {.dropout_p = 0.5}).item() == Approx(1).margin(0.05));
  CHECK(F::scaled_dot_product_attention(q, k, v, {.dropout_p = 0.5}).item() != 1);
  CHECK_THROWS_WITH(F::scaled_dot_product_attention(q, k, v, {.dropout_p = 2}), ContainsSubstring("dropout_p is 2"));
}

TEST_CASE("multi_head_attention_forward: one head with unit projections is attention; masks, extra keys and no batch", "[ops][attention]") {
  const std::int64_t e = 3;
  const Real x = noise({4, 2, e}, 1), eye = tl::eye<double>(e), in_weight = tl::cat({eye, eye, eye}, 0), none;
  const auto call = [&](const tl::MultiHeadAttentionForwardOptions<double, tl::Cpu>& options, bool zero = false) {
    return F::multi_head_attention_forward(x, x, x, e, 1, in_weight, none, none, none, zero, 0.0, eye, none, options);
  };
  const Real xb = tl::transpose(x, 0, 1);
  const auto plain = call({});
  CHECK(golden::difference(Real(tl::transpose(plain.attn_output, 0, 1)).to_vector(),
                           F::scaled_dot_product_attention(xb, xb, xb).to_vector()) < 1e-14);
  for (const double s : tl::sum(plain.attn_output_weights, -1).to_vector()) CHECK(s == Approx(1));
  CHECK_FALSE(call({.need_weights = false}).attn_output_weights.defined());

  const Mask later({4, 4}, {false, true, true, true, false, false, true, true, false, false, false, true, false, false, false, false});
  const auto causal = call({.attn_mask = later});
  CHECK(golden::difference(Real(tl::transpose(causal.attn_output, 0, 1)).to_vector(),
                           F::scaled_dot_product_attention(xb, xb, xb, {.is_causal = true}).to_vector()) < 1e-14);
  const auto padded = call({.key_padding_mask = Mask({2, 4}, {false, false, false, true, false, false, false, false})});
  for (int l = 0; l < 4; ++l) CHECK(padded.attn_output_weights.to_vector()[static_cast<std::size_t>(4 * l + 3)] == 0);
  CHECK(padded.attn_output_weights.to_vector()[16 + 3] > 0);
  CHECK(call({}, true).attn_output_weights.sizes() == tl::Shape{2, 4, 5});

  const Real one = tl::contiguous(tl::select(x, 1, 1));
  const auto alone = F::multi_head_attention_forward(one, one, one, e, 1, in_weight, none, none, none, false, 0.0, eye, none);
  CHECK(alone.attn_output.sizes() == tl::Shape{4, 3});
  CHECK(golden::difference(alone.attn_output.to_vector(), Real(tl::select(plain.attn_output, 1, 1)).to_vector()) < 1e-14);
  CHECK_THROWS_WITH(F::multi_head_attention_forward(x, x, x, e, 2, in_weight, none, none, none, false, 0.0, eye, none),
                    ContainsSubstring("3 features") && ContainsSubstring("2 heads"));
}
