// SPDX-License-Identifier: BSD-3-Clause
// The API's language model, templated on the device: two steps of training on both devices.
#include "support/compare.cuh"

#include <torchlite/torchlite.hpp>

namespace cuda_tests {
namespace {
template <class D>
struct Block : nn::Module<Block<D>> {
  std::int64_t dim = 16, heads = 2;
  nn::LayerNorm<float, D> ln1{dim};
  nn::MultiheadAttention<float, D> attention{{.embed_dim = dim, .num_heads = heads}};
  nn::LayerNorm<float, D> ln2{dim};
  nn::Sequential<nn::Linear<float, D>, nn::GELU, nn::Linear<float, D>> mlp{{dim, 4 * dim}, {}, {4 * dim, dim}};

  auto forward(const Tensor<float, D>& x) {
    Tensor<float, D> h = ln1(x);
    Tensor<float, D> y = x + attention(h, h, h, {.is_causal = true});
    return Tensor<float, D>(y + mlp(ln2(y)));
  }
};

template <class D>
struct GPT : nn::Module<GPT<D>> {
  std::int64_t vocab = 20, context = 8, dim = 16, heads = 2, layers = 2;
  nn::Embedding<float, D> tokens{vocab, dim};
  nn::Embedding<float, D> positions{context, dim};
  nn::ModuleList<Block<D>> blocks{layers, [this](auto) { return Block<D>{.dim = dim, .heads = heads}; }};
  nn::LayerNorm<float, D> norm{dim};
  nn::Linear<float, D> head{{.in_features = dim, .out_features = vocab, .bias = false}};

  auto forward(const Tensor<std::int64_t, D>& ids) {
    Tensor<float, D> x = tokens(ids) + positions(arange<std::int64_t, D>(ids.size(1)));
    for (auto& block : blocks) x = block(x);
    return head(norm(x));
  }
};

template <class D>
std::vector<double> train() {
  manual_seed(3);
  GPT<D> gpt;
  optim::AdamW optimizer(gpt.parameters(), {.lr = 3e-3, .weight_decay = 0.01});
  optim::lr_scheduler::CosineAnnealingLR schedule(optimizer, {.T_max = 60});
  std::vector<double> losses;
  std::vector<std::int64_t> codes(200);
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<std::int64_t>(i * i % 20);
  const auto corpus = to_device<D>(Tensor<std::int64_t, Cpu>::from(codes));
  for (int step = 0; step < 3; ++step) {
    const auto start = randint<std::int64_t, D>(0, corpus.size(0) - 9, {4});
    std::vector<Tensor<std::int64_t, D>> inputs, targets;
    for (int i = 0; i < 4; ++i) {
      const auto s = start[i].item();
      inputs.push_back(corpus(Slice(s, s + 8)));
      targets.push_back(corpus(Slice(s + 1, s + 9)));
    }
    optimizer.zero_grad();
    auto logits = gpt(stack(inputs, 0));
    auto loss = nn::functional::cross_entropy(logits.reshape({-1, 20}), stack(targets, 0).reshape({-1}));
    loss.backward();
    nn::utils::clip_grad_norm_(gpt.parameters(), 1.0);
    optimizer.step();
    schedule.step();
    losses.push_back(static_cast<double>(loss.item()));
  }
  CHECK(gpt.state_dict().contains("blocks.1.attention.in_proj_weight"));
  CHECK(gpt.state_dict().contains("blocks.0.mlp.2.bias"));
  return losses;
}
}  // namespace

TEST_CASE("a transformer trains alike on both devices", "[cuda][nn]") {
  const std::vector<double> cpu = train<Cpu>(), cuda = train<Cuda>();
  for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(std::abs(cuda[i] - cpu[i]) <= 1e-4);
}

}  // namespace cuda_tests
