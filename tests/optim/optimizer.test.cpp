// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/optim/adamw.hpp>
#include <torchlite/optim/rmsprop.hpp>
#include <torchlite/optim/sgd.hpp>

namespace tl = torchlite;
namespace optim = tl::optim;

namespace {
tl::Tensor<float> parameter(std::vector<float> values) { return tl::Tensor<float>::from(values).requires_grad_(); }
void give_gradient(const tl::Tensor<float>& p, float value) {
  const auto g = tl::empty<float>(p.sizes());
  tl::fill_elements(g, value);
  p.set_grad(g);
}
}  // namespace

TEST_CASE("groups have options of their own and take the defaults for the rest", "[optim][optimizer]") {
  const auto a = parameter({1, 1}), b = parameter({1}), c = parameter({1});
  optim::SGD optimizer(std::vector{a}, {.lr = 0.5, .weight_decay = 0.1});
  optimizer.add_param_group({b}, [](auto& options) { options.lr = 0.25; });
  optimizer.add_param_group({c});
  CHECK(optimizer.num_groups() == 3);
  CHECK(optimizer.param_groups()[1].options.weight_decay == 0.1);
  for (const auto& p : {a, b, c}) give_gradient(p, 1);
  optimizer.step();
  CHECK(a.data()[1] == Approx(1 - 0.5 * 1.1));
  CHECK(b.data()[0] == Approx(1 - 0.25 * 1.1));
  CHECK(c.data()[0] == Approx(1 - 0.5 * 1.1));
  optimizer.lr(1) = 0;
  give_gradient(b, 1);
  const float before = b.data()[0];
  optimizer.step();
  CHECK(b.data()[0] == before);
}

TEST_CASE("parameters without a gradient are left alone", "[optim][optimizer]") {
  const auto a = parameter({1}), b = parameter({1});
  optim::AdamW optimizer(std::vector{a, b});
  give_gradient(a, 1);
  optimizer.step();
  CHECK(a.data()[0] != 1);
  CHECK(b.data()[0] == 1);
  optimizer.zero_grad();
  CHECK_FALSE(a.grad().defined());
}

TEST_CASE("a step is one pass over memory for each parameter and changes its version", "[optim][optimizer]") {
  const auto a = parameter(std::vector<float>(1000, 1.0f));
  optim::AdamW optimizer(std::vector{a});
  give_gradient(a, 1);
  optimizer.step();
  const auto before = tl::kernel_count();
  const auto version = a.version();
  optimizer.step();
  CHECK(tl::kernel_count() == before + 1);
  CHECK(a.version() == version + 1);
}

TEST_CASE("a gradient that is not contiguous is read by its strides", "[optim][optimizer]") {
  const auto p = tl::Tensor<float>({2, 3}, {0, 0, 0, 0, 0, 0}).requires_grad_();
  const auto transposed = tl::Tensor<float>({3, 2}, {1, 4, 2, 5, 3, 6});
  p.set_grad(tl::alias(transposed, {2, 3}, {1, 2}, 0));
  optim::SGD optimizer(std::vector{p}, {.lr = 1});
  optimizer.step();
  CHECK(p.to_vector() == std::vector<float>{-1, -2, -3, -4, -5, -6});
}

TEST_CASE("a large parameter, several threads or not, steps as a small one does", "[optim][optimizer]") {
  const std::int64_t n = 100003;
  const auto p = parameter(std::vector<float>(static_cast<std::size_t>(n), 1.0f)), q = parameter({1});
  optim::AdamW optimizer(std::vector{p, q}, {.lr = 0.1, .amsgrad = true});
  for (int i = 0; i < 3; ++i) {
    give_gradient(p, 0.5f * static_cast<float>(i + 1));
    give_gradient(q, 0.5f * static_cast<float>(i + 1));
    optimizer.step();
  }
  std::int64_t equal = 0;
  for (std::int64_t i = 0; i < n; ++i) equal += std::fabs(p.data()[i] - q.data()[0]) < 1e-6f;
  CHECK(equal == n);
}

TEST_CASE("half parameters are computed with in float", "[optim][optimizer]") {
  const auto p = tl::Tensor<tl::half>({1}, {tl::half(1.0f)}).requires_grad_();
  p.set_grad(tl::Tensor<tl::half>({1}, {tl::half(0.5f)}));
  optim::SGD optimizer(std::vector{p}, {.lr = 0.5});
  optimizer.step();
  CHECK(static_cast<float>(p.data()[0]) == 0.75f);
}

TEST_CASE("an optimizer that takes up a saved state goes on as the first one does", "[optim][state_dict]") {
  const auto run = [](bool saved) {
    const auto p = parameter({1, 2, 3});
    auto make = [&] { return optim::RMSprop(std::vector{p}, {.lr = 0.01, .momentum = 0.9, .centered = true}); };
    auto first = make();
    for (int i = 0; i < 3; ++i) give_gradient(p, static_cast<float>(i)), first.step();
    first.lr() = 0.5;
    auto second = make();
    if (saved) second.load_state_dict(first.state_dict());
    auto& next = saved ? second : first;
    for (int i = 0; i < 3; ++i) give_gradient(p, static_cast<float>(i)), next.step();
    return p.to_vector();
  };
  CHECK(run(true) == run(false));
}

TEST_CASE("a state of other parameters is refused before anything changes", "[optim][state_dict]") {
  const auto p = parameter({1, 2, 3}), q = parameter({1, 2});
  optim::AdamW one(std::vector{p}, {.lr = 0.5}), other(std::vector{q}, {.lr = 0.25});
  give_gradient(p, 1);
  one.step();
  CHECK_THROWS_WITH(other.load_state_dict(one.state_dict()),
                    ContainsSubstring("state.0.exp_avg") && ContainsSubstring("[3]") && ContainsSubstring("[2]"));
  CHECK(other.lr() == 0.25);
  CHECK(one.state_dict().contains("param_groups.0.weight_decay"));
}

TEST_CASE("step(closure) computes the loss with gradients on and returns it", "[optim][optimizer]") {
  const auto p = parameter({2});
  optim::SGD optimizer(std::vector{p}, {.lr = 0.5});
  const tl::NoGradGuard off;
  const float loss = optimizer.step([&] {
    CHECK(tl::is_grad_enabled());
    give_gradient(p, 2);
    return 4.0f;
  });
  CHECK(loss == 4.0f);
  CHECK(p.data()[0] == 1.0f);
}

TEST_CASE("senseless options and lists are errors", "[optim][optimizer]") {
  const auto p = parameter({1});
  CHECK_THROWS_WITH((optim::SGD(std::vector{p}, {.lr = -1})), ContainsSubstring("lr is -1"));
  CHECK_THROWS_WITH((optim::SGD(std::vector{p}, {.nesterov = true})), ContainsSubstring("nesterov"));
  CHECK_THROWS_WITH((optim::AdamW(std::vector{p}, {.betas = {0.9, 1.0}})), ContainsSubstring("beta"));
  CHECK_THROWS_WITH((optim::SGD(std::vector<tl::Tensor<float>>())), ContainsSubstring("empty"));
  CHECK_THROWS_WITH((optim::SGD(std::vector{p, p})), ContainsSubstring("twice"));
}
