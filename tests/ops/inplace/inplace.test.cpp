// SPDX-License-Identifier: BSD-3-Clause
// In-place forms by PyTorch's rules: same values as the plain form, gradients that are right, errors that change nothing.
#include "check_form.hpp"

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/inplace/pointwise.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/tensor/create.hpp>

#include <cmath>

TEST_CASE("functions of one tensor in place", "[ops][inplace]") {
  const auto check = [](auto form, double (*value)(double)) {
    check_form([&](const Double& t) -> const Double& { return form(t); }, value);
  };
  check(tl::exp_, [](double x) { return std::exp(x); });
  check(tl::log_, [](double x) { return std::log(x); });
  check(tl::sigmoid_, [](double x) { return 1 / (1 + std::exp(-x)); });
  check(tl::sin_, [](double x) { return std::sin(x); });
  check(tl::tanh_, [](double x) { return std::tanh(x); });
  check(tl::neg_, [](double x) { return -x; });
  check(tl::sqrt_, [](double x) { return std::sqrt(x); });
  check(tl::reciprocal_, [](double x) { return 1 / x; });
  check(tl::relu_, [](double x) { return x > 0 ? x : 0; });
  check(tl::floor_, [](double x) { return std::floor(x); });
}

TEST_CASE("comparisons in place keep the dtype and cut the gradient", "[ops][inplace]") {
  const Double x = Double({3}, {1, 2, 3}).requires_grad_();
  const Double y = x * 2.0;
  tl::lt_(y, 5.0);
  CHECK(y.to_vector() == std::vector<double>{1, 1, 0});
  tl::sum(y).backward();
  CHECK(x.grad().to_vector() == std::vector<double>{0, 0, 0});
  const tl::Tensor<std::int32_t> k({3}, {0, 2, 3});
  CHECK(tl::ge_(k, 2).to_vector() == std::vector<std::int32_t>{0, 1, 1});
  CHECK(tl::logical_not_(k).to_vector() == std::vector<std::int32_t>{1, 0, 0});
  const tl::Tensor<bool> b({2}, {true, false});
  CHECK(tl::logical_xor_(b, true).to_vector() == std::vector<bool>{false, true});
}

TEST_CASE("an operand of a wider dtype is rounded to the target's", "[ops][inplace]") {
  const auto x = tl::Tensor<float>({2}, {1, 2}).requires_grad_();
  const tl::Tensor<float> y = x * 1.0f;
  const Double d = Double({2}, {3, 4}).requires_grad_();
  tl::mul_(y, d);
  tl::sum(y).backward();
  CHECK(y.to_vector() == std::vector<float>{3, 8});
  CHECK(x.grad().to_vector() == std::vector<float>{3, 4});
  CHECK(d.grad().to_vector() == std::vector<double>{1, 2});
  const tl::Tensor<tl::half> h({1}, {tl::half(2.0f)});
  CHECK(static_cast<float>(tl::exp_(h).item()) == Approx(std::exp(2.0)).epsilon(1e-3));
}

TEST_CASE("views in place change their base, and both have gradients", "[ops][inplace]") {
  const Double x = Double({2, 3}, {1, 2, 3, 4, 5, 6}).requires_grad_();
  const Double y = x * 1.0;
  tl::square_(tl::select(y, 1, 1));
  tl::exp_(tl::transpose(tl::slice(y, 1, 0, 1), 0, 1));
  const std::vector<double> values = y.to_vector(), wanted{std::exp(1.0), 4, 3, std::exp(4.0), 25, 6};
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == Approx(wanted[i]));
  tl::sum(y).backward();
  const std::vector<double> g = x.grad().to_vector(), want{std::exp(1.0), 4, 1, std::exp(4.0), 10, 1};
  for (std::size_t i = 0; i < g.size(); ++i) CHECK(g[i] == Approx(want[i]));
  CHECK_THROWS_WITH(tl::exp_(tl::select(x, 0, 0)), ContainsSubstring("exp_") && ContainsSubstring("leaf"));
}

TEST_CASE("an in-place form that overwrites what another gradient needs is found out by name", "[ops][inplace]") {
  const Double x = Double({2}, {1, 2}).requires_grad_();
  const Double y = tl::exp(x), z = y * 2.0;
  tl::relu_(y);
  CHECK_THROWS_WITH(tl::sum(z).backward(), ContainsSubstring("exp") && ContainsSubstring("modified in place"));
  CHECK_THROWS_WITH(tl::atan2_(Double({2}, {1, 2}), Double({3}, {1, 2, 3})), ContainsSubstring("atan2"));
  CHECK_THROWS_WITH(tl::add_(Double({3}, {1, 2, 3}), tl::ones<double>({2, 3})),
                    ContainsSubstring("add_") && ContainsSubstring("[2, 3]") && ContainsSubstring("[3]"));
  const Double row({3}, {1, 2, 3});
  CHECK_THROWS_WITH(tl::exp_(tl::alias(row, {2, 3}, {0, 1}, 0)), ContainsSubstring("expanded"));
  CHECK(row.to_vector() == std::vector<double>{1, 2, 3});
}
