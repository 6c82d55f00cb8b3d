// SPDX-License-Identifier: BSD-3-Clause
// The networks whose training steps are measured; peers/nets_torch.hpp has the same ones for libtorch.
#pragma once
#include <torchlite/torchlite.hpp>

#include <cmath>
#include <cstdint>

namespace nets {

namespace tl = torchlite;
namespace nn = tl::nn;

/// 784-256-128-10.
struct Mlp : nn::Module<Mlp> {
  nn::Linear<float> fc1{784, 256}, fc2{256, 128}, fc3{128, 10};

  auto forward(const tl::Tensor<float>& x) {
    tl::Tensor h = tl::relu(fc1(x));
    h = tl::relu(fc2(h));
    return fc3(h);
  }
};

/// 2-8-8-1: so small that only overhead counts.
struct Tiny : nn::Module<Tiny> {
  nn::Linear<float> fc1{2, 8}, fc2{8, 8}, fc3{8, 1};

  auto forward(const tl::Tensor<float>& x) {
    tl::Tensor h = tl::relu(fc1(x));
    h = tl::relu(fc2(h));
    return fc3(h);
  }
};

/// conv 32 3x3, relu, conv 64 3x3, relu, max pool 2, dropout, fc 128, relu, fc 10: the demo's network.
struct Cnn : nn::Module<Cnn> {
  nn::Conv2d<float> conv1{1, 32, 3}, conv2{32, 64, 3};
  nn::Dropout dropout{0.25};
  nn::Linear<float> fc1{9216, 128}, fc2{128, 10};

  auto forward(const tl::Tensor<float>& images) {
    tl::Tensor x = tl::relu(conv1(images));
    x = tl::max_pool2d(tl::relu(conv2(x)), 2);
    return fc2(tl::relu(fc1(dropout(tl::flatten(x, 1)))));
  }
};

/// Two 3x3 convolutions and a shortcut.
struct Block : nn::Module<Block> {
  Block(std::int64_t in, std::int64_t out, std::int64_t stride)
      : shortcut(stride != 1 || in != out),
        conv1({.in_channels = in, .out_channels = out, .kernel_size = 3, .stride = stride, .padding = 1, .bias = false}),
        bn1(out),
        conv2({.in_channels = out, .out_channels = out, .kernel_size = 3, .padding = 1, .bias = false}),
        bn2(out) {
    if (shortcut) {
      conv3 = nn::Conv2d<float>({.in_channels = in, .out_channels = out, .kernel_size = 1, .stride = stride, .bias = false});
      bn3 = nn::BatchNorm2d<float>(out);
    }
  }
  auto fields() { return nn::fields("conv1", conv1, "bn1", bn1, "conv2", conv2, "bn2", bn2, "conv3", conv3, "bn3", bn3); }
  auto forward(const tl::Tensor<float>& x) {
    tl::Tensor y = tl::relu(bn1(conv1(x)));
    y = bn2(conv2(y));
    return tl::Tensor(tl::relu(y + (shortcut ? bn3(conv3(x)) : x)));
  }

  bool shortcut;
  nn::Conv2d<float> conv1;
  nn::BatchNorm2d<float> bn1;
  nn::Conv2d<float> conv2;
  nn::BatchNorm2d<float> bn2;
  nn::Conv2d<float> conv3{1, 1, 1};
  nn::BatchNorm2d<float> bn3{1};
};

/// ResNet-18 for images of 32x32: a 3x3 stem without max pooling.
struct ResNet18 : nn::Module<ResNet18> {
  nn::Conv2d<float> stem{{.in_channels = 3, .out_channels = 64, .kernel_size = 3, .padding = 1, .bias = false}};
  nn::BatchNorm2d<float> bn{64};
  nn::ModuleList<Block> blocks{8, [](std::int64_t i) {
                                 const std::int64_t out = std::int64_t{64} << (i / 2), in = i < 2 || i % 2 == 1 ? out : out / 2;
                                 return Block(in, out, i > 0 && i % 2 == 0 ? 2 : 1);
                               }};
  nn::Linear<float> fc{512, 10};

  auto forward(const tl::Tensor<float>& images) {
    tl::Tensor x = tl::relu(bn(stem(images)));
    for (auto& block : blocks) x = block(x);
    return fc(tl::mean(x, {2, 3}));
  }
};

/// Pre-norm transformer block.
struct GptBlock : nn::Module<GptBlock> {
  std::int64_t dim = 128, heads = 4;
  nn::LayerNorm<float> norm1{dim};
  nn::MultiheadAttention<float> attention{{.embed_dim = dim, .num_heads = heads}};
  nn::LayerNorm<float> norm2{dim};
  nn::Linear<float> up{dim, 4 * dim}, down{4 * dim, dim};

  auto forward(const tl::Tensor<float>& x) {
    tl::Tensor h = norm1(x);
    tl::Tensor y = x + attention(h, h, h, {.is_causal = true});
    return tl::Tensor(y + down(tl::gelu(up(norm2(y)))));
  }
};

/// 4 layers, 128 wide, 4 heads, 64 tokens of 96.
struct Gpt : nn::Module<Gpt> {
  nn::Embedding<float> tokens{96, 128}, positions{64, 128};
  nn::ModuleList<GptBlock> blocks{4, [](auto) { return GptBlock{}; }};
  nn::LayerNorm<float> norm{128};
  nn::Linear<float> head{{.in_features = 128, .out_features = 96, .bias = false}};

  auto forward(const tl::Tensor<std::int64_t>& ids) {
    tl::Tensor x = tokens(ids) + positions(tl::arange<std::int64_t>(ids.size(1)));
    for (auto& block : blocks) x = block(x);
    return head(norm(x));
  }
};

/// Two layers of 128 over 64 steps, the last of which is classified.
struct Lstm : nn::Module<Lstm> {
  nn::LSTM<float> lstm{{.input_size = 128, .hidden_size = 128, .num_layers = 2, .batch_first = true}};
  nn::Linear<float> head{128, 10};

  auto forward(const tl::Tensor<float>& x) { return head(tl::select(lstm(x).output, 1, -1)); }
};

}  // namespace nets
