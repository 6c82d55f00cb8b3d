// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <support/golden.hpp>
#include <torchlite/optim/adam.hpp>
#include <torchlite/optim/adamw.hpp>
#include <torchlite/optim/rmsprop.hpp>
#include <torchlite/optim/sgd.hpp>

namespace tl = torchlite;
namespace optim = tl::optim;

namespace {
using Options = golden::Json;

template <class T>
void read(const Options& from, const char* name, T& into) {
  if (!from.contains(name) || from.at(name).is_null()) return;
  if constexpr (std::is_same_v<T, bool>) into = from.at(name).get<bool>();
  else into = golden::number(from.at(name));
}

optim::SGDOptions sgd(const Options& j) {
  optim::SGDOptions o;
  read(j, "lr", o.lr), read(j, "momentum", o.momentum), read(j, "dampening", o.dampening), read(j, "weight_decay", o.weight_decay);
  read(j, "nesterov", o.nesterov), read(j, "maximize", o.maximize);
  return o;
}
template <class O>
O adam(const Options& j) {
  O o;
  read(j, "lr", o.lr), read(j, "eps", o.eps), read(j, "weight_decay", o.weight_decay), read(j, "amsgrad", o.amsgrad),
      read(j, "maximize", o.maximize);
  if (j.contains("betas")) o.betas = {j.at("betas")[0].get<double>(), j.at("betas")[1].get<double>()};
  return o;
}
optim::RMSpropOptions rmsprop(const Options& j) {
  optim::RMSpropOptions o;
  read(j, "lr", o.lr), read(j, "alpha", o.alpha), read(j, "eps", o.eps), read(j, "weight_decay", o.weight_decay);
  read(j, "momentum", o.momentum), read(j, "centered", o.centered), read(j, "maximize", o.maximize);
  return o;
}

/// Ten steps from PyTorch's starting points on PyTorch's loss, the sum over parameters p of |A p|^2 + sum(sin p).
template <class Make>
void follow(const std::string& name, Make make) {
  for (const golden::Sample& sample : golden::modules().samples("optim." + name)) {
    CAPTURE(name, sample.info.dump());
    std::vector<tl::Tensor<double>> params;
    while (sample.has("p" + std::to_string(params.size()) + ".step0")) {
      const golden::Array& start = sample.at("p" + std::to_string(params.size()) + ".step0");
      params.push_back(tl::Tensor<double>::from(start.values, tl::Shape(start.shape)).requires_grad_());
    }
    REQUIRE(params.size() > 0);
    auto optimizer = make(params, sample.info.at("kwargs"));
    for (int step = 1; step <= 10; ++step) {
      for (std::size_t i = 0; i < params.size(); ++i) {
        const golden::Array& a = sample.at("A" + std::to_string(i));
        const std::size_t n = static_cast<std::size_t>(params[i].numel());
        REQUIRE(a.values.size() == n * n);
        const std::vector<double> p = params[i].to_vector();
        std::vector<double> g(n);
        for (std::size_t c = 0; c < n; ++c) g[c] = std::cos(p[c]);
        for (std::size_t r = 0; r < n; ++r) {
          double product = 0;
          for (std::size_t c = 0; c < n; ++c) product += a.values[r * n + c] * p[c];
          for (std::size_t c = 0; c < n; ++c) g[c] += 2 * a.values[r * n + c] * product;
        }
        params[i].set_grad(tl::Tensor<double>::from(g, params[i].sizes()));
      }
      optimizer.step();
      for (std::size_t i = 0; i < params.size(); ++i)
        CHECK(golden::difference(params[i].to_vector(), sample.at("p" + std::to_string(i) + ".step" + std::to_string(step)).values) <
              1e-10);
    }
  }
}
}  // namespace

TEST_CASE("SGD takes the steps that PyTorch takes, with all options", "[optim][sgd]") {
  follow("SGD", [](auto params, const Options& j) { return optim::SGD(params, sgd(j)); });
}
TEST_CASE("Adam takes the steps that PyTorch takes, with all options", "[optim][adam]") {
  follow("Adam", [](auto params, const Options& j) { return optim::Adam(params, adam<optim::AdamOptions>(j)); });
}
TEST_CASE("AdamW takes the steps that PyTorch takes, with all options", "[optim][adamw]") {
  follow("AdamW", [](auto params, const Options& j) { return optim::AdamW(params, adam<optim::AdamWOptions>(j)); });
}
TEST_CASE("RMSprop takes the steps that PyTorch takes, with all options", "[optim][rmsprop]") {
  follow("RMSprop", [](auto params, const Options& j) { return optim::RMSprop(params, rmsprop(j)); });
}
