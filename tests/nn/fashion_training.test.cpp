// SPDX-License-Identifier: BSD-3-Clause
// Training on the real data takes PyTorch's steps. Files: where the system's package puts them, or $FASHION_MNIST.
#include "training.hpp"

#include <torchlite/data/mnist.hpp>
#include <torchlite/io/safetensors.hpp>
#include <torchlite/optim/adamw.hpp>

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

TEST_CASE("50 AdamW steps of a small network in float have PyTorch's losses to 1e-4", "[nn][training]") {
  const auto list = batches<float>();
  if (list.empty()) return;
  Net<float> net{.width = 8, .hidden = 32, .side = 28};
  net.load_state_dict(tl::load_safetensors(golden::folder() + "/fashion_training.safetensors"));
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
  CHECK(distance(train(net, list, optimizer), golden::json("fashion_training.json").at("narrow")) < 1e-4);
}

TEST_CASE("50 AdamW steps of the demo's network in double have PyTorch's losses to 1e-4", "[nn][training][slow]") {
  const auto list = batches<double>();
  if (list.empty()) return;
  Net<double> net{.width = 32, .hidden = 128, .side = 28};
  hash_weights(net);
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
  CHECK(distance(train(net, list, optimizer), golden::json("fashion_training.json").at("demo_float64")) < 1e-4);
}
