// SPDX-License-Identifier: BSD-3-Clause
// The training steps of models/training_step.bench.cpp in libtorch.
#include "peers/torch_settings.hpp"
#include "support/serve.hpp"

namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::Tensor;

struct Mlp : nn::Module {
  nn::Linear fc1{register_module("fc1", nn::Linear(784, 256))}, fc2{register_module("fc2", nn::Linear(256, 128))},
      fc3{register_module("fc3", nn::Linear(128, 10))};
  Tensor forward(Tensor x) { return fc3(torch::relu(fc2(torch::relu(fc1(x))))); }
};

struct Cnn : nn::Module {
  nn::Conv2d conv1{register_module("conv1", nn::Conv2d(1, 32, 3))}, conv2{register_module("conv2", nn::Conv2d(32, 64, 3))};
  nn::Dropout dropout{register_module("dropout", nn::Dropout(0.25))};
  nn::Linear fc1{register_module("fc1", nn::Linear(9216, 128))}, fc2{register_module("fc2", nn::Linear(128, 10))};
  Tensor forward(Tensor x) {
    x = torch::max_pool2d(torch::relu(conv2(torch::relu(conv1(x)))), 2);
    return fc2(dropout(torch::relu(fc1(x.flatten(1)))));
  }
};

struct BlockImpl : nn::Module {
  nn::Conv2d conv1{nullptr}, conv2{nullptr}, conv3{nullptr};
  nn::BatchNorm2d bn1{nullptr}, bn2{nullptr}, bn3{nullptr};
  BlockImpl(int in, int out, int stride) {
    const auto conv = [](int i, int o, int k, int s) {
      return nn::Conv2d(nn::Conv2dOptions(i, o, k).stride(s).padding(k / 2).bias(false));
    };
    conv1 = register_module("conv1", conv(in, out, 3, stride));
    bn1 = register_module("bn1", nn::BatchNorm2d(out));
    conv2 = register_module("conv2", conv(out, out, 3, 1));
    bn2 = register_module("bn2", nn::BatchNorm2d(out));
    if (stride != 1 || in != out) {
      conv3 = register_module("conv3", conv(in, out, 1, stride));
      bn3 = register_module("bn3", nn::BatchNorm2d(out));
    }
  }
  Tensor forward(Tensor x) {
    Tensor y = bn2(conv2(torch::relu(bn1(conv1(x)))));
    return torch::relu(y + (conv3 ? bn3(conv3(x)) : x));
  }
};
TORCH_MODULE(Block);

struct ResNet18 : nn::Module {
  nn::Sequential body{nn::Conv2d(nn::Conv2dOptions(3, 64, 3).padding(1).bias(false)), nn::BatchNorm2d(64), nn::ReLU()};
  nn::Linear fc{register_module("fc", nn::Linear(512, 10))};
  ResNet18() {
    int in = 64;
    for (int i = 0; i < 8; ++i) {
      const int out = 64 << (i / 2);
      body->push_back(Block(in, out, i > 0 && i % 2 == 0 ? 2 : 1));
      in = out;
    }
    register_module("body", body);
  }
  Tensor forward(Tensor x) { return fc(body->forward(x).mean({2, 3})); }
};

struct GptBlockImpl : nn::Module {
  std::int64_t heads = 4;
  nn::LayerNorm norm1{register_module("norm1", nn::LayerNorm(nn::LayerNormOptions({128})))},
      norm2{register_module("norm2", nn::LayerNorm(nn::LayerNormOptions({128})))};
  nn::Linear qkv{register_module("qkv", nn::Linear(128, 384))}, out{register_module("out", nn::Linear(128, 128))},
      up{register_module("up", nn::Linear(128, 512))}, down{register_module("down", nn::Linear(512, 128))};
  Tensor forward(Tensor x, const Tensor& mask) {
    const auto n = x.size(0), t = x.size(1), d = x.size(2);
    const Tensor q = qkv(norm1(x)).view({n, t, 3, heads, d / heads}).permute({2, 0, 3, 1, 4});
#if TORCH_VERSION_MAJOR >= 2
    const Tensor y = at::scaled_dot_product_attention(q[0], q[1], q[2], {}, 0.0, true);
#else
    const Tensor scores = torch::matmul(q[0], q[1].transpose(-1, -2)) * (1.0 / std::sqrt(static_cast<double>(d / heads)));
    const Tensor y = torch::matmul(torch::softmax(scores.masked_fill(mask, -INFINITY), -1), q[2]);
#endif
    x = x + out(y.transpose(1, 2).reshape({n, t, d}));
    return x + down(torch::gelu(up(norm2(x))));
  }
};
TORCH_MODULE(GptBlock);

struct Gpt : nn::Module {
  nn::Embedding tokens{register_module("tokens", nn::Embedding(96, 128))}, positions{register_module("positions", nn::Embedding(64, 128))};
  nn::ModuleList blocks;
  nn::LayerNorm norm{register_module("norm", nn::LayerNorm(nn::LayerNormOptions({128})))};
  nn::Linear head{register_module("head", nn::Linear(nn::LinearOptions(128, 96).bias(false)))};
  Tensor mask = torch::ones({64, 64}, torch::kBool).triu(1), ids = torch::arange(64);
  Gpt() {
    for (int i = 0; i < 4; ++i) blocks->push_back(GptBlock());
    register_module("blocks", blocks);
  }
  Tensor forward(Tensor t) {
    Tensor x = tokens(t) + positions(ids);
    for (auto& b : *blocks) x = b->as<GptBlock>()->forward(x, mask);
    return head(norm(x));
  }
};

template <class Optimizer, class Loss>
void train(benchmark::State& state, Optimizer& optimizer, Loss loss_of) {
  for (auto _ : state) {
    optimizer.zero_grad();
    Tensor loss = loss_of();
    loss.backward();
    optimizer.step();
    benchmark::DoNotOptimize(loss.data_ptr());
  }
}
Tensor labels(std::int64_t n, std::int64_t classes) { return torch::randint(classes, {n}, torch::kLong); }

void mlp_sgd(benchmark::State& state) {
  Mlp net;
  torch::optim::SGD optimizer(net.parameters(), torch::optim::SGDOptions(0.01).momentum(0.9));
  const Tensor x = torch::randn({64, 784}), y = labels(64, 10);
  train(state, optimizer, [&] { return F::cross_entropy(net.forward(x), y); });
}
void mlp_adam(benchmark::State& state) {
  Mlp net;
  torch::optim::Adam optimizer(net.parameters(), 1e-3);
  const Tensor x = torch::randn({64, 784}), y = labels(64, 10);
  train(state, optimizer, [&] { return F::cross_entropy(net.forward(x), y); });
}
void cnn_adamw(benchmark::State& state) {
  Cnn net;
  torch::optim::AdamW optimizer(net.parameters(), 1e-3);
  const Tensor x = torch::randn({64, 1, 28, 28}), y = labels(64, 10);
  train(state, optimizer, [&] { return F::cross_entropy(net.forward(x), y); });
}
void gpt_adamw(benchmark::State& state) {
  Gpt net;
  torch::optim::AdamW optimizer(net.parameters(), 3e-4);
  const Tensor x = torch::randint(96, {16, 64}, torch::kLong), y = labels(16 * 64, 96);
  train(state, optimizer, [&] { return F::cross_entropy(net.forward(x).view({-1, 96}), y); });
}
void resnet18_sgd(benchmark::State& state) {
  ResNet18 net;
  torch::optim::SGD optimizer(net.parameters(), torch::optim::SGDOptions(0.1).momentum(0.9).weight_decay(5e-4));
  const Tensor x = torch::randn({32, 3, 32, 32}), y = labels(32, 10);
  train(state, optimizer, [&] { return F::cross_entropy(net.forward(x), y); });
}
void lstm_adam(benchmark::State& state) {
  nn::LSTM net(nn::LSTMOptions(128, 128).num_layers(2).batch_first(true));
  nn::Linear head(128, 10);
  auto parameters = net->parameters();
  for (auto& p : head->parameters()) parameters.push_back(p);
  torch::optim::Adam optimizer(parameters, 1e-3);
  const Tensor x = torch::randn({32, 64, 128}), y = labels(32, 10);
  train(state, optimizer, [&] { return F::cross_entropy(head(std::get<0>(net->forward(x)).select(1, 63)), y); });
}

}  // namespace

BENCHMARK(mlp_sgd);
BENCHMARK(mlp_adam);
BENCHMARK(cnn_adamw);
BENCHMARK(gpt_adamw);
BENCHMARK(resnet18_sgd)->MinTime(0.5);
BENCHMARK(lstm_adam);

BENCH_MAIN(torch_settings())
