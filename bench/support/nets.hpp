// SPDX-License-Identifier: BSD-3-Clause
// The networks whose training steps are measured, on any device; peers/training_step.torch.cpp and peers/nets_torch.py have the same ones.
#pragma once
#include <torchlite/torchlite.hpp>

#include <cmath>
#include <cstdint>

namespace nets {

namespace tl = torchlite;
namespace nn = tl::nn;

/// 784-256-128-10.
template <class T = float, class D = tl::Cpu>
struct Mlp : nn::Module<Mlp<T, D>> {
  nn::Linear<T, D> fc1{784, 256}, fc2{256, 128}, fc3{128, 10};

  auto forward(const tl::Tensor<T, D>& x) {
    tl::Tensor h = tl::relu(fc1(x));
    h = tl::relu(fc2(h));
    return fc3(h);
  }
};

/// 2-8-8-1: so small that only overhead counts.
template <class T = float, class D = tl::Cpu>
struct Tiny : nn::Module<Tiny<T, D>> {
  nn::Linear<T, D> fc1{2, 8}, fc2{8, 8}, fc3{8, 1};

  auto forward(const tl::Tensor<T, D>& x) {
    tl::Tensor h = tl::relu(fc1(x));
    h = tl::relu(fc2(h));
    return fc3(h);
  }
};

/// conv 32 3x3, relu, conv 64 3x3, relu, max pool 2, fc 128, relu, dropout, fc 10: the demo's network.
template <class T = float, class D = tl::Cpu>
struct Cnn : nn::Module<Cnn<T, D>> {
  nn::Conv2d<T, D> conv1{1, 32, 3}, conv2{32, 64, 3};
  nn::Dropout dropout{0.25};
  nn::Linear<T, D> fc1{9216, 128}, fc2{128, 10};

  auto forward(const tl::Tensor<T, D>& images) {
    tl::Tensor x = tl::relu(conv1(images));
    x = tl::max_pool2d(tl::relu(conv2(x)), 2);
    return fc2(dropout(tl::relu(fc1(tl::flatten(x, 1)))));
  }
};

/// Two 3x3 convolutions and a shortcut.
template <class T = float, class D = tl::Cpu>
struct Block : nn::Module<Block<T, D>> {
  Block(std::int64_t in, std::int64_t out, std::int64_t stride)
      : shortcut(stride != 1 || in != out),
        conv1({.in_channels = in, .out_channels = out, .kernel_size = 3, .stride = stride, .padding = 1, .bias = false}),
        bn1(out),
        conv2({.in_channels = out, .out_channels = out, .kernel_size = 3, .padding = 1, .bias = false}),
        bn2(out) {
    if (shortcut) {
      conv3 = nn::Conv2d<T, D>({.in_channels = in, .out_channels = out, .kernel_size = 1, .stride = stride, .bias = false});
      bn3 = nn::BatchNorm2d<T, D>(out);
    }
  }
  auto fields() { return nn::fields("conv1", conv1, "bn1", bn1, "conv2", conv2, "bn2", bn2, "conv3", conv3, "bn3", bn3); }
  auto forward(const tl::Tensor<T, D>& x) {
    tl::Tensor y = tl::relu(bn1(conv1(x)));
    y = bn2(conv2(y));
    return tl::Tensor(tl::relu(y + (shortcut ? bn3(conv3(x)) : x)));
  }

  bool shortcut;
  nn::Conv2d<T, D> conv1;
  nn::BatchNorm2d<T, D> bn1;
  nn::Conv2d<T, D> conv2;
  nn::BatchNorm2d<T, D> bn2;
  nn::Conv2d<T, D> conv3{1, 1, 1};
  nn::BatchNorm2d<T, D> bn3{1};
};

/// ResNet-18 for images of 32x32: a 3x3 stem without max pooling.
template <class T = float, class D = tl::Cpu>
struct ResNet18 : nn::Module<ResNet18<T, D>> {
  nn::Conv2d<T, D> stem{{.in_channels = 3, .out_channels = 64, .kernel_size = 3, .padding = 1, .bias = false}};
  nn::BatchNorm2d<T, D> bn{64};
  nn::ModuleList<Block<T, D>> blocks{8, [](std::int64_t i) {
                                       const std::int64_t out = std::int64_t{64} << (i / 2), in = i < 2 || i % 2 == 1 ? out : out / 2;
                                       return Block<T, D>(in, out, i > 0 && i % 2 == 0 ? 2 : 1);
                                     }};
  nn::Linear<T, D> fc{512, 10};

  auto forward(const tl::Tensor<T, D>& images) {
    tl::Tensor x = tl::relu(bn(stem(images)));
    for (auto& block : blocks) x = block(x);
    return fc(tl::mean(x, {2, 3}));
  }
};

/// Pre-norm transformer block.
template <class T = float, class D = tl::Cpu>
struct GptBlock : nn::Module<GptBlock<T, D>> {
  std::int64_t dim = 128, heads = 4;
  nn::LayerNorm<T, D> norm1{dim};
  nn::MultiheadAttention<T, D> attention{{.embed_dim = dim, .num_heads = heads}};
  nn::LayerNorm<T, D> norm2{dim};
  nn::Linear<T, D> up{dim, 4 * dim}, down{4 * dim, dim};

  auto forward(const tl::Tensor<T, D>& x) {
    tl::Tensor h = norm1(x);
    tl::Tensor y = x + attention(h, h, h, {.is_causal = true});
    return tl::Tensor(y + down(tl::gelu(up(norm2(y)))));
  }
};

/// 4 layers, 128 wide, 4 heads, 64 tokens of 96, if nothing else is said.
template <class T = float, class D = tl::Cpu>
struct Gpt : nn::Module<Gpt<T, D>> {
  std::int64_t vocab = 96, context = 64, dim = 128, heads = 4, layers = 4;
  nn::Embedding<T, D> tokens{vocab, dim}, positions{context, dim};
  nn::ModuleList<GptBlock<T, D>> blocks{layers, [this](auto) { return GptBlock<T, D>{.dim = dim, .heads = heads}; }};
  nn::LayerNorm<T, D> norm{dim};
  nn::Linear<T, D> head{{.in_features = dim, .out_features = vocab, .bias = false}};

  auto forward(const tl::Tensor<std::int64_t, D>& ids) {
    tl::Tensor x = tokens(ids) + positions(tl::arange<std::int64_t, D>(ids.size(1)));
    for (auto& block : blocks) x = block(x);
    return head(norm(x));
  }
};

/// Two layers of 128 over 64 steps, the last of which is classified.
template <class T = float, class D = tl::Cpu>
struct Lstm : nn::Module<Lstm<T, D>> {
  nn::LSTM<T, D> lstm{{.input_size = 128, .hidden_size = 128, .num_layers = 2, .batch_first = true}};
  nn::Linear<T, D> head{128, 10};

  auto forward(const tl::Tensor<T, D>& x) { return head(tl::select(lstm(x).output, 1, -1)); }
};

}  // namespace nets
