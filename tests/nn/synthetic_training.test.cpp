// SPDX-License-Identifier: BSD-3-Clause
// A small network on made-up images, with every set of optimizer options, takes PyTorch's steps.
#include "training.hpp"

#include <torchlite/optim/adam.hpp>
#include <torchlite/optim/adamw.hpp>
#include <torchlite/optim/rmsprop.hpp>
#include <torchlite/optim/sgd.hpp>

#include <memory>

using namespace training;
namespace optim = tl::optim;
using golden::Json;

namespace {
std::vector<Batch<double>> batches() {
  std::vector<Batch<double>> list;
  for (std::uint64_t b = 0; b < 5; ++b) {
    Batch<double> batch{tl::empty<double>({16, 1, 12, 12}), tl::empty<std::int64_t>({16})};
    for (std::uint64_t i = 0; i < 16 * 144; ++i) batch.images.data()[i] = golden::uniform(100 + b, i);
    for (std::uint64_t i = 0; i < 16; ++i) batch.labels.data()[i] = static_cast<std::int64_t>(10 * golden::uniform(200 + b, i));
    list.push_back(std::move(batch));
  }
  return list;
}

template <class O>
void read(const Json& j, O& o) {
  o.lr = j.value("lr", o.lr);
  o.weight_decay = j.value("weight_decay", o.weight_decay);
  o.maximize = j.value("maximize", o.maximize);
  if constexpr (requires { o.momentum; }) o.momentum = j.value("momentum", o.momentum);
  if constexpr (requires { o.dampening; }) o.dampening = j.value("dampening", o.dampening), o.nesterov = j.value("nesterov", o.nesterov);
  if constexpr (requires { o.eps; }) o.eps = j.value("eps", o.eps);
  if constexpr (requires { o.amsgrad; }) o.amsgrad = j.value("amsgrad", o.amsgrad);
  if constexpr (requires { o.alpha; }) o.alpha = j.value("alpha", o.alpha), o.centered = j.value("centered", o.centered);
  if constexpr (requires { o.betas; }) {
    if (j.contains("betas")) o.betas = {j.at("betas")[0].get<double>(), j.at("betas")[1].get<double>()};
  }
}
template <template <class, class> class Optimizer, class Options>
std::unique_ptr<optim::OptimizerBase> make(std::vector<tl::Tensor<double>> params, const Json& j) {
  Options options;
  read(j, options);
  return std::make_unique<Optimizer<double, tl::Cpu>>(std::move(params), options);
}
std::unique_ptr<optim::OptimizerBase> optimizer(const std::string& name, std::vector<tl::Tensor<double>> params, const Json& j) {
  if (name == "SGD") return make<optim::SGD, optim::SGDOptions>(std::move(params), j);
  if (name == "Adam") return make<optim::Adam, optim::AdamOptions>(std::move(params), j);
  if (name == "AdamW") return make<optim::AdamW, optim::AdamWOptions>(std::move(params), j);
  return make<optim::RMSprop, optim::RMSpropOptions>(std::move(params), j);
}
}  // namespace

TEST_CASE("five steps with each set of optimizer options have PyTorch's losses and weights", "[nn][training]") {
  const Json file = golden::json("synthetic_training.json");
  const auto list = batches();
  for (const Json& run : file.at("float64")) {
    CAPTURE(run.at("optimizer").get<std::string>(), run.at("options").dump());
    Net<double> net{.width = 4, .hidden = 16, .side = 12};
    hash_weights(net);
    const auto chosen = optimizer(run.at("optimizer").get<std::string>(), net.parameters(), run.at("options"));
    CHECK(distance(train(net, list, *chosen, run.at("options").value("clip_grad_norm", 0.0)), run.at("losses")) < 1e-8);
    for (const auto& [name, parameter] : net.named_parameters()) {
      double sum = 0, magnitude = 0;
      for (const double x : parameter.to_vector()) sum += x, magnitude += std::fabs(x);
      CAPTURE(name);
      CHECK(golden::difference(std::vector<double>{sum, magnitude}, run.at("final").at(name).get<std::vector<double>>()) < 1e-7);
    }
  }
}
