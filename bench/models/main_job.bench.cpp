// SPDX-License-Identifier: BSD-3-Clause
// The main job: open the data, train the demo's network on Fashion-MNIST for one epoch through a data loader. Its accuracy on the test
// images is measured after the clock has stopped. Minutes, so compare.py runs it only when it is named.
#include "support/nets.hpp"
#include "support/serve.hpp"

#include <cstdlib>

namespace {

namespace tl = torchlite;
namespace F = tl::nn::functional;

std::string root() {
  const char* folder = std::getenv("BENCH_FASHION_MNIST");
  return folder ? folder : "";
}

double accuracy(nets::Cnn<>& net) {
  const auto test = tl::data::FashionMNIST({.root = root(), .train = false});
  net.eval();
  const tl::NoGradGuard no_grad;
  std::int64_t correct = 0;
  for (auto [images, labels] : tl::data::DataLoader(test, {.batch_size = 500}))
    correct += tl::sum(tl::eq(tl::argmax(net(images), 1), labels)).item();
  return static_cast<double>(correct) / static_cast<double>(test.size());
}

void fashion_mnist_epoch(benchmark::State& state) {
  tl::manual_seed(0);
  nets::Cnn<> net;
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
  for (auto _ : state) {
    const auto train = tl::data::FashionMNIST({.root = root(), .train = true});
    tl::data::DataLoader loader(train, {.batch_size = 64, .shuffle = true, .num_workers = tl::get_num_threads() > 1 ? 1 : 0});
    for (auto [images, labels] : loader) {
      optimizer.zero_grad();
      auto loss = F::cross_entropy(net(images), labels);
      loss.backward();
      optimizer.step();
    }
  }
  state.counters["mb"] = bench::peak_megabytes();
  state.counters["accuracy"] = accuracy(net);
  bench::work(state, 60000 / 64.0 * 4.6e9);
}

}  // namespace

BENCHMARK(fashion_mnist_epoch)->Iterations(1)->MeasureProcessCPUTime();

BENCH_MAIN()
