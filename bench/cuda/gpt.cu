// SPDX-License-Identifier: BSD-3-Clause
// A training step of GPT: 12 layers of 768, 8 sequences of 1024 tokens out of 50304, parameters and all else in bfloat16.
#include "step.cuh"

namespace {

namespace tl = torchlite;
using tl::Cuda, tl::bfloat16;

constexpr std::int64_t batch = 8, context = 1024, vocab = 50304, dim = 768, layers = 12;

std::function<void()> gpt() {
  using Net = nets::Gpt<bfloat16, Cuda>;
  const auto net = std::make_shared<Net>(Net{.vocab = vocab, .context = context, .dim = dim, .heads = 12, .layers = layers});
  const auto optimizer = std::make_shared<tl::optim::AdamW<bfloat16, Cuda>>(net->parameters(), tl::optim::AdamWOptions{.lr = 3e-4});
  const auto x = tl::randint<std::int64_t, Cuda>(0, vocab, {batch, context}),
             y = tl::randint<std::int64_t, Cuda>(0, vocab, {batch * context});
  return bench::classifier(net, optimizer, x, y, vocab);
}

/// 2 operations for each parameter of a product and token, 4 T d for the causal half of both products of attention and each token and
/// layer; three times that with backward.
constexpr double operations() {
  constexpr double weights = 12.0 * layers * dim * dim + static_cast<double>(vocab) * dim;
  return 3.0 * batch * context * (2.0 * weights + 2.0 * layers * context * dim);
}

}  // namespace

void bench::gpt_cases(Cases& cases) { add_step(cases, "gpt_step", operations(), gpt); }
