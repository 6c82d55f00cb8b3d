// SPDX-License-Identifier: BSD-3-Clause
// Attention in one kernel on the device, against the Cpu's in double and against its definition as operations.
#include "support/compare.cuh"

#include <torchlite/backend/cuda/attention.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/softmax.cuh>
#include <torchlite/nn/multihead_attention.hpp>
#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>

namespace cuda_tests {
namespace {
template <class U, class T>
Tensor<U, Cpu> as(const Tensor<T, Cpu>& t) {
  std::vector<U> v;
  for (const T x : t.to_vector()) v.push_back(static_cast<U>(x));
  return Tensor<U, Cpu>::from(v, t.sizes());
}

struct Sizes {
  std::int64_t heads, group, queries, keys, width, value_width;
};

/// Output and gradients of q, k and v, without a graph, which would compile attention as operations for each dtype.
template <class T, class D>
std::vector<Tensor<T, D>> attend(const std::vector<Tensor<T, D>>& in, const Tensor<T, D>& outer, double scale, bool causal) {
  REQUIRE(ops::FusedAttention<T, D>::fits(in[0], in[1], in[2], true));
  const ops::FusedAttention<T, D> attention(in[0], in[1], in[2], scale, causal);
  std::vector<Tensor<T, D>> result{attention.out()};
  for (const auto& x : in) result.push_back(ops::empty_laid_out_as(x, x.sizes()));
  attention.gradients(outer, result[1], result[2], result[3]);
  return result;
}

/// A tensor of memory [2, heads, rows, width], or of [2, rows, heads, width + 3], rows and heads exchanged, columns that are not used.
template <class T, class D>
Tensor<T, D> heads_of(const Tensor<T, D>& memory, bool turned, std::int64_t width) {
  if (!turned) return memory;
  const std::int64_t rows = memory.size(1), heads = memory.size(2), wide = memory.size(3);
  return alias(memory, {2, heads, rows, width}, {rows * heads * wide, wide, heads * wide, 1}, 1);
}
template <class T>
void check_attention(const Sizes& s, bool causal, bool turned, double bound) {
  INFO("heads " << s.heads << " x " << s.group << ", queries " << s.queries << ", keys " << s.keys << ", width " << s.width << " and "
                << s.value_width << (causal ? ", causal" : "") << (turned ? ", turned" : ""));
  const auto make = [&](std::int64_t heads, std::int64_t rows, std::int64_t width, std::uint32_t seed) {
    return numbers<T>(turned ? Shape{2, rows, heads, width + 3} : Shape{2, heads, rows, width}, seed);
  };
  const std::vector<Tensor<T, Cpu>> memory{make(s.heads * s.group, s.queries, s.width, 1), make(s.heads, s.keys, s.width, 2),
                                           make(s.heads, s.keys, s.value_width, 3)};
  const auto outer = numbers<T>({2, s.heads * s.group, s.queries, s.value_width}, 4);
  std::vector<Tensor<double, Cpu>> exact;
  std::vector<Tensor<T, Cuda>> in;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::int64_t width = i < 2 ? s.width : s.value_width;
    exact.push_back(heads_of(as<double>(memory[i]), turned, width));
    in.push_back(heads_of(to_device<Cuda>(memory[i]), turned, width));
  }
  const double scale = 1 / std::sqrt(static_cast<double>(s.width));
  const auto expected = attend<double, Cpu>(exact, as<double>(outer), scale, causal);
  const auto got = attend<T, Cuda>(in, to_device<Cuda>(outer), scale, causal);
  const auto again = attend<T, Cuda>(in, to_device<Cuda>(outer), scale, causal);
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    CHECK(difference(got[i], as<T>(expected[i])) <= (i == 0 ? 1 : 4) * bound);
    CHECK(again[i].to_vector() == got[i].to_vector());
  }
}
template <class T>
void check_sizes(double bound) {
  for (const Sizes& s : {Sizes{1, 1, 1, 1, 16, 16}, Sizes{3, 1, 5, 3, 8, 8}, Sizes{2, 1, 70, 130, 32, 24}, Sizes{2, 2, 130, 70, 64, 64},
                         Sizes{1, 3, 65, 63, 80, 128}, Sizes{4, 1, 256, 256, 64, 64}, Sizes{1, 1, 300, 513, 128, 128}})
    for (const bool causal : {false, true})
      for (const bool turned : {false, true}) check_attention<T>(s, causal, turned, bound);
}
}  // namespace

TEST_CASE("attention in one kernel and its gradients agree with the Cpu, the same bits each time", "[cuda][attention]") {
  check_sizes<float>(8e-6);
  check_sizes<double>(2e-14);
  check_sizes<torchlite::half>(4e-3);
  check_sizes<bfloat16>(3.2e-2);
}

TEST_CASE("attention of floats takes TF32 where that is allowed", "[cuda][attention]") {
  set_float32_matmul_precision("high");
  check_attention<float>({2, 1, 130, 70, 64, 64}, true, false, 4e-3);
  check_attention<float>({2, 1, 70, 130, 128, 32}, false, true, 4e-3);
  set_float32_matmul_precision("highest");
}

TEST_CASE("attention keeps no matrix of scores", "[cuda][attention]") {
  const auto x = to_device<Cuda>(numbers<torchlite::half>({1, 8, 4096, 64}, 1));
  torchlite::cuda::reset_peak_memory_stats();
  const std::uint64_t before = torchlite::cuda::memory_allocated();
  attend<torchlite::half, Cuda>({x, x, x}, x, 0.125, true);
  CHECK(torchlite::cuda::max_memory_allocated() - before < 40u << 20);  // a matrix of scores for each head would be 256 MB
}

namespace {
/// Output and gradients, by the graph.
template <class D>
std::vector<Tensor<float, D>> recorded(const std::vector<Tensor<float, D>>& in, const Tensor<float, D>& outer, bool fused) {
  std::vector<Tensor<float, D>> leaves;
  for (const auto& t : in) leaves.push_back(t.detach().requires_grad_());
  const AttentionOptions options{.is_causal = true};
  const Tensor<float, D> y = fused ? scaled_dot_product_attention(leaves[0], leaves[1], leaves[2], options)
                                   : ops::composed_attention(leaves[0], leaves[1], leaves[2], options, Site{});
  y.backward(outer);
  return {y.detach(), leaves[0].grad(), leaves[1].grad(), leaves[2].grad()};
}
}  // namespace

TEST_CASE("attention in one kernel is what operations compute on the device, with gradients of both orders", "[cuda][attention]") {
  std::vector<Tensor<float, Cuda>> in;
  for (std::uint32_t i = 0; i < 3; ++i) in.push_back(to_device<Cuda>(numbers<float>({2, 3, 70, 16}, i)));
  const auto outer = to_device<Cuda>(numbers<float>({2, 3, 70, 16}, 4));
  const auto fused = recorded(in, outer, true), composed = recorded(in, outer, false);
  for (std::size_t i = 0; i < 4; ++i) CHECK(difference(fused[i], composed[i].to<Cpu>()) <= 3e-5);

  const auto second = [](const auto& x) {
    using Y = std::decay_t<decltype(x)>;
    const Y y = scaled_dot_product_attention(x, x, x, {.is_causal = true});
    const Y first = autograd::grad(Y(torchlite::sum(square(y))), x, {.create_graph = true});
    return autograd::grad(Y(torchlite::sum(square(first))), x);
  };
  const auto x = numbers<float>({2, 3, 20, 16}, 1);
  const auto dx = to_device<Cuda>(x);
  CHECK(difference(second(dx.requires_grad_()), second(x.requires_grad_())) <= 1e-4);
}

TEST_CASE("heads that are too wide for the kernel are attended to as operations", "[cuda][attention]") {
  const auto q = numbers<float>({2, 7, 160}, 1), k = numbers<float>({2, 9, 160}, 2), v = numbers<float>({2, 9, 5}, 3);
  const auto dq = to_device<Cuda>(q), dk = to_device<Cuda>(k), dv = to_device<Cuda>(v);
  CHECK_FALSE(ops::FusedAttention<float, Cuda>::fits(dq, dk, dv, false));
  CHECK(difference(scaled_dot_product_attention(dq, dk, dv), scaled_dot_product_attention(q, k, v)) <= 8e-6);
}

TEST_CASE("a layer of attention agrees with the Cpu, whichever dimension is the sequence", "[cuda][attention]") {
  for (const bool batch_first : {true, false}) {
    manual_seed(3);
    nn::MultiheadAttention<float> layer({.embed_dim = 48, .num_heads = 3, .batch_first = batch_first});
    manual_seed(3);
    nn::MultiheadAttention<float, Cuda> on_device({.embed_dim = 48, .num_heads = 3, .batch_first = batch_first});
    const auto x = numbers<float>({4, 37, 48}, 1).requires_grad_(), outer = numbers<float>({4, 37, 48}, 2);
    const auto dx = compare::leaf_on_device(x);
    const auto y = layer(x, x, x, {.is_causal = true});
    const auto dy = on_device(dx, dx, dx, {.is_causal = true});
    CHECK(difference(dy, y) <= 8e-6);
    y.backward(outer);
    dy.backward(to_device<Cuda>(outer));
    CHECK(difference(dx.grad(), x.grad()) <= 3.2e-5);
    CHECK(difference(on_device.in_proj_weight.grad(), layer.in_proj_weight.grad()) <= 3.2e-5);
  }
}

}  // namespace cuda_tests
