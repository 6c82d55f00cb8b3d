// SPDX-License-Identifier: BSD-3-Clause
// models/main_job.bench.cpp with libtorch's MNIST data set and its data loader; the data set reads unpacked files.
#include "peers/torch_settings.hpp"
#include "support/serve.hpp"

namespace {

namespace nn = torch::nn;
namespace data = torch::data;
using torch::Tensor;

struct Cnn : nn::Module {
  nn::Conv2d conv1{register_module("conv1", nn::Conv2d(1, 32, 3))}, conv2{register_module("conv2", nn::Conv2d(32, 64, 3))};
  nn::Dropout dropout{register_module("dropout", nn::Dropout(0.25))};
  nn::Linear fc1{register_module("fc1", nn::Linear(9216, 128))}, fc2{register_module("fc2", nn::Linear(128, 10))};
  Tensor forward(Tensor x) {
    x = torch::max_pool2d(torch::relu(conv2(torch::relu(conv1(x)))), 2);
    return fc2(dropout(torch::relu(fc1(x.flatten(1)))));
  }
};

auto images(data::datasets::MNIST::Mode mode) {
  const char* folder = std::getenv("BENCH_FASHION_MNIST");
  return data::datasets::MNIST(folder ? folder : ".", mode).map(data::transforms::Stack<>());
}

double accuracy(Cnn& net) {
  auto test = data::make_data_loader<data::samplers::SequentialSampler>(images(data::datasets::MNIST::Mode::kTest),
                                                                        data::DataLoaderOptions().batch_size(500));
  net.eval();
  const torch::NoGradGuard no_grad;
  std::int64_t correct = 0;
  for (auto& batch : *test) correct += net.forward(batch.data).argmax(1).eq(batch.target).sum().item<std::int64_t>();
  return static_cast<double>(correct) / 10000;
}

void fashion_mnist_epoch(benchmark::State& state) {
  torch::manual_seed(0);
  Cnn net;
  torch::optim::AdamW optimizer(net.parameters(), 1e-3);
  for (auto _ : state) {
    const int workers = torch::get_num_threads() > 1 ? 1 : 0;
    auto loader = data::make_data_loader<data::samplers::RandomSampler>(images(data::datasets::MNIST::Mode::kTrain),
                                                                        data::DataLoaderOptions().batch_size(64).workers(workers));
    for (auto& batch : *loader) {
      optimizer.zero_grad();
      Tensor loss = nn::functional::cross_entropy(net.forward(batch.data), batch.target);
      loss.backward();
      optimizer.step();
    }
  }
  state.counters["mb"] = bench::peak_megabytes();
  state.counters["accuracy"] = accuracy(net);
}

}  // namespace

BENCHMARK(fashion_mnist_epoch)->Iterations(1)->MeasureProcessCPUTime();

BENCH_MAIN(torch_settings())
