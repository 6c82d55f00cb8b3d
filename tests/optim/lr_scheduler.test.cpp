// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <support/golden.hpp>
#include <torchlite/optim/adam.hpp>
#include <torchlite/optim/lr_scheduler/cosine_annealing_lr.hpp>
#include <torchlite/optim/lr_scheduler/exponential_lr.hpp>
#include <torchlite/optim/lr_scheduler/lambda_lr.hpp>
#include <torchlite/optim/lr_scheduler/linear_lr.hpp>
#include <torchlite/optim/lr_scheduler/multi_step_lr.hpp>
#include <torchlite/optim/lr_scheduler/one_cycle_lr.hpp>
#include <torchlite/optim/lr_scheduler/reduce_lr_on_plateau.hpp>
#include <torchlite/optim/lr_scheduler/step_lr.hpp>
#include <torchlite/optim/sgd.hpp>

#include <memory>

namespace tl = torchlite;
namespace optim = tl::optim;
namespace schedules = optim::lr_scheduler;
using golden::Json;

namespace {
std::unique_ptr<optim::OptimizerBase> optimizer(const std::string& kind) {
  const std::vector<tl::Tensor<float>> params{tl::Tensor<float>({1}, {0.0f}).requires_grad_()};
  if (kind == "SGD") return std::make_unique<optim::SGD<float>>(params, optim::SGDOptions{.lr = 0.1, .momentum = 0.9});
  return std::make_unique<optim::Adam<float>>(params, optim::AdamOptions{.lr = 0.1});
}
std::unique_ptr<schedules::LRScheduler> schedule(const std::string& name, optim::OptimizerBase& o, const Json& j) {
  if (name == "StepLR") return std::make_unique<schedules::StepLR>(o, schedules::StepLROptions{j.at("step_size"), j.value("gamma", 0.1)});
  if (name == "CosineAnnealingLR")
    return std::make_unique<schedules::CosineAnnealingLR>(o, schedules::CosineAnnealingLROptions{j.at("T_max"), j.value("eta_min", 0.0)});
  if (name == "LambdaLR") {
    const auto factor = [](std::int64_t epoch) { return std::pow(0.95, static_cast<double>(epoch)); };
    return std::make_unique<schedules::LambdaLR<decltype(factor)>>(o, factor);
  }
  schedules::OneCycleLROptions c{.max_lr = j.at("max_lr"), .total_steps = j.at("total_steps")};
  c.pct_start = j.value("pct_start", c.pct_start);
  if (j.value("anneal_strategy", std::string("cos")) == "linear") c.anneal_strategy = schedules::Anneal::linear;
  c.div_factor = j.value("div_factor", c.div_factor);
  c.final_div_factor = j.value("final_div_factor", c.final_div_factor);
  c.three_phase = j.value("three_phase", false);
  c.cycle_momentum = j.value("cycle_momentum", true);
  return std::make_unique<schedules::OneCycleLR>(o, c);
}
}  // namespace

TEST_CASE("schedules give PyTorch's learning rates and momenta for 20 epochs", "[optim][lr_scheduler]") {
  const Json file = golden::json("synthetic_training.json");
  for (const Json& run : file.at("schedules")) {
    CAPTURE(run.at("schedule").get<std::string>(), run.at("options").dump());
    const auto o = optimizer(run.at("optimizer"));
    const auto s = schedule(run.at("schedule"), *o, run.at("options"));
    for (std::size_t i = 0; i < 20; ++i) {
      CHECK(o->lr() == Approx(run.at("lr")[i].get<double>()).epsilon(1e-9).margin(1e-15));
      CHECK(*o->momentum() == Approx(run.at("momentum")[i].get<double>()).epsilon(1e-12));
      if (i < 19) s->step();
    }
  }
}

TEST_CASE("MultiStepLR, ExponentialLR and LinearLR follow their closed forms", "[optim][lr_scheduler]") {
  const auto a = optimizer("SGD"), b = optimizer("SGD"), c = optimizer("SGD");
  schedules::MultiStepLR steps(*a, {.milestones = {2, 5, 5}, .gamma = 0.5});
  schedules::ExponentialLR powers(*b, {.gamma = 0.9});
  schedules::LinearLR line(*c, {.start_factor = 0.25, .total_iters = 4});
  for (int epoch = 0; epoch < 8; ++epoch) {
    CHECK(a->lr() == Approx(0.1 * (epoch < 2 ? 1 : (epoch < 5 ? 0.5 : 0.125))));
    CHECK(b->lr() == Approx(0.1 * std::pow(0.9, epoch)));
    CHECK(c->lr() == Approx(0.1 * (epoch < 4 ? 0.25 + 0.75 * epoch / 4 : 1)));
    steps.step(), powers.step(), line.step();
  }
}

TEST_CASE("ReduceLROnPlateau waits for its patience, then lowers the rate", "[optim][lr_scheduler]") {
  const auto o = optimizer("SGD");
  schedules::ReduceLROnPlateau plateau(*o, {.factor = 0.5, .patience = 2});
  plateau.step(1.0);
  plateau.step(0.9);
  for (int i = 0; i < 2; ++i) plateau.step(0.9);
  CHECK(o->lr() == Approx(0.1));
  plateau.step(0.9);
  CHECK(o->lr() == Approx(0.05));
}

TEST_CASE("a schedule past its end, or without a length, is an error that says so", "[optim][lr_scheduler]") {
  const auto o = optimizer("SGD");
  CHECK_THROWS_WITH(schedules::OneCycleLR(*o, {.max_lr = 1}), ContainsSubstring("total_steps"));
  schedules::OneCycleLR cycle(*o, {.max_lr = 1, .total_steps = 2});
  cycle.step();
  CHECK_THROWS_WITH(cycle.step(), ContainsSubstring("schedule of 2 steps"));
  CHECK_THROWS_AS(schedules::StepLR(*o, {.step_size = 0}), tl::Error);
}
