// SPDX-License-Identifier: BSD-3-Clause
// Training on the real data takes PyTorch's steps. Files: where the system's package puts them, or $FASHION_MNIST.
#include "training.hpp"

#include <torchlite/data/mnist.hpp>
#include <torchlite/io/safetensors.hpp>
#include <torchlite/optim/adamw.hpp>

#include <algorithm>
#include <optional>

using namespace training;

namespace {
/// The first 3,200 images in file order, 64 a batch; none if the files are not there.
template <class T>
std::vector<Batch<T>> batches() {
  std::optional<tl::data::FashionMNIST> data;
  try {
    const char* folder = std::getenv("FASHION_MNIST");
    data.emplace(tl::data::MnistOptions{.root = folder != nullptr ? folder : "", .train = true});
  } catch (const tl::IoError& error) {
    WARN("skipped: " << error.what());
    return {};
  }
  std::vector<Batch<T>> list;
  const std::uint8_t* pixel = data->images().data();
  const std::int64_t* label = data->labels().data();
  for (int b = 0; b < 50; ++b) {
    Batch<T> batch{tl::empty<T>({64, 1, 28, 28}), tl::empty<std::int64_t>({64})};
    for (std::int64_t i = 0; i < 64 * 784; ++i) batch.images.data()[i] = static_cast<T>(static_cast<float>(*pixel++) / 255.0f);
    for (std::int64_t i = 0; i < 64; ++i) batch.labels.data()[i] = *label++;
    list.push_back(std::move(batch));
  }
  return list;
}
}  // namespace

// Rounding decides on which side of its kink one or another ReLU falls, which moves a loss by a few 1e-4 from there on: one run in eight
// does that, whoever computes it. So five runs that differ in the last bit of some weights are made, and the middle one counts.
// Under the sanitizers that takes minutes: there, ten steps of one run are enough to see the same code.
TEST_CASE("50 AdamW steps of a small network in float have PyTorch's losses to 1e-4", "[nn][training]") {
  auto list = batches<float>();
  if (list.empty()) return;
  constexpr bool whole = !TORCHLITE_ASAN;
  if (!whole) list.resize(10);
  const auto want = golden::json("fashion_training.json").at("narrow");
  std::vector<double> distances;
  for (std::uint64_t run = 0; run < (whole ? 5 : 1); ++run) {
    Net<float> net{.width = 8, .hidden = 32, .side = 28};
    net.load_state_dict(tl::load_safetensors(golden::folder() + "/fashion_training.safetensors"));
    for (const auto& p : net.parameters())
      for (std::int64_t i = 0; run > 0 && i < p.numel(); ++i)
        if (golden::uniform(run, static_cast<std::uint64_t>(i)) < 0.1) p.data()[i] = std::nextafter(p.data()[i], 1.0f);
    tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
    const auto losses = train(net, list, optimizer);
    for (std::size_t step = 0; step < 10; ++step) CHECK(std::fabs(losses[step] - want[step].get<double>()) < 1e-5);
    if (whole) distances.push_back(distance(losses, want));
  }
  if (!whole) return;
  std::sort(distances.begin(), distances.end());
  CHECK(distances[2] < 1e-4);
  CHECK(distances[4] < 1e-2);
}

// Minutes under the sanitizers, which see the same code in the test above.
#if !TORCHLITE_ASAN
TEST_CASE("50 AdamW steps of the demo's network in double have PyTorch's losses to 1e-4", "[nn][training][slow]") {
  const auto list = batches<double>();
  if (list.empty()) return;
  Net<double> net{.width = 32, .hidden = 128, .side = 28};
  hash_weights(net);
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
  CHECK(distance(train(net, list, optimizer), golden::json("fashion_training.json").at("demo_float64")) < 1e-4);
}
#endif
