// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <cmath>
#include <utility>

#include "reference.hpp"

namespace tl = torchlite;
using reference::distance, reference::numbers, reference::values;

namespace {
struct Passes {
  std::uint64_t start = tl::kernel_count();
  std::uint64_t operator()() {
    const std::uint64_t now = tl::kernel_count();
    return now - std::exchange(start, now);
  }
};
}  // namespace

TEST_CASE("a formula of any depth is one pass over memory, when a tensor is made of it", "[expr][expression]") {
  const auto a = numbers<double>({100}, 1), b = numbers<double>({100}, 2, 0.5, 2);
  Passes passes;
  auto lazy = tl::exp(a) * b + a / (b + 1.0);
  CHECK(passes() == 0);
  const tl::Tensor<double> y = std::move(lazy);
  CHECK(passes() == 1);
  std::vector<double> want;
  for (int i = 0; i < 100; ++i) want.push_back(std::exp(a.data()[i]) * b.data()[i] + a.data()[i] / (b.data()[i] + 1));
  CHECK(distance(values(y), want) < 1e-14);
}

TEST_CASE("a named expression is computed once and read after that", "[expr][expression]") {
  const auto a = numbers<double>({10}, 1), b = numbers<double>({10}, 2);
  Passes passes;
  auto named = a * b + 1.0;
  const tl::Tensor<double> u = named * 2.0, v = named * 3.0;
  CHECK(passes() == 3);
  CHECK(&named.eval() == &named.eval());
  const tl::Tensor<double> w = named;
  CHECK(w.data() == named.eval().data());
  CHECK(passes() == 0);
  const tl::Tensor<double> x =
      std::move(named) * 2.0;  // computed already: it would be no gain to read the kept value, but it must be right
  CHECK(values(x) == values(u));
}

TEST_CASE("a copy of an expression is an expression of its own", "[expr][expression]") {
  const auto a = numbers<double>({10}, 1);
  auto first = a * 2.0;
  const tl::Tensor<double> before = first;
  auto second = first;  // shares what is computed already
  CHECK(second.eval().data() == before.data());
}

TEST_CASE("an expression keeps its operands alive", "[expr][expression]") {
  auto make = [] {
    const auto inner = numbers<double>({5}, 3);
    return tl::exp(inner) + 1.0;
  };
  auto e = make();
  const auto inner = numbers<double>({5}, 3);
  const tl::Tensor<double> y = e;
  for (int i = 0; i < 5; ++i) CHECK(y.data()[i] == Approx(std::exp(inner.data()[i]) + 1).epsilon(1e-14));
}

TEST_CASE("a reduction and an in-place form take their pointwise input along", "[expr][expression]") {
  const auto a = numbers<float>({1000}, 1), b = numbers<float>({1000}, 2);
  Passes passes;
  const float total = tl::sum(tl::square(a - b)).item();
  CHECK(passes() == 1);
  double want = 0;
  for (int i = 0; i < 1000; ++i) want += (double(a.data()[i]) - b.data()[i]) * (double(a.data()[i]) - b.data()[i]);
  CHECK(total == Approx(want).epsilon(1e-5));
  tl::Tensor<float> y = a * 1.0f;
  passes();
  y += a * b;
  CHECK(passes() == 1);
}

TEST_CASE("backward of a fused expression is one pass for all leaves", "[expr][expression]") {
  const auto a = numbers<double>({50}, 1).requires_grad_(), b = numbers<double>({50}, 2).requires_grad_();
  const auto g = numbers<double>({50}, 3);
  Passes passes;
  const tl::Tensor<double> z = tl::exp(a * b + a) * b;
  CHECK(passes() == 1);
  z.backward(g);
  CHECK(passes() == 1);
  std::vector<double> da, db;
  for (int i = 0; i < 50; ++i) {
    const double x = a.data()[i], y = b.data()[i], e = std::exp(x * y + x);
    da.push_back(g.data()[i] * e * (y + 1) * y);
    db.push_back(g.data()[i] * (e * x * y + e));
  }
  CHECK(distance(values(a.grad()), da) < 1e-13);
  CHECK(distance(values(b.grad()), db) < 1e-13);
}

TEST_CASE("an operand that was modified after the expression was written is an error", "[expr][expression]") {
  const auto p = numbers<double>({4}, 1);
  auto stale = p + 1.0;
  p.add_(5.0);
  CHECK_THROWS_WITH(stale.eval(), ContainsSubstring("add") && ContainsSubstring("modified in place") && ContainsSubstring("[4]"));
  auto fresh = p + 1.0;
  const tl::Tensor<double> before = fresh;
  p.add_(5.0);
  CHECK(values(fresh.eval()) == values(before));  // evaluated in time
}

TEST_CASE("more leaves than one kernel takes are computed in parts", "[expr][expression]") {
  const auto a = numbers<double>({7}, 1).requires_grad_();
  auto eight = [&] { return a + a + a + a + a + a + a + a; };
  const tl::Tensor<double> sixteen = eight() * eight(), seventeen = eight() * eight() + a, many = (eight() * eight()) * (eight() * eight());
  for (int i = 0; i < 7; ++i) {
    const double x = a.data()[i];
    CHECK(sixteen.data()[i] == Approx(64 * x * x).epsilon(1e-14));
    CHECK(seventeen.data()[i] == Approx(64 * x * x + x).epsilon(1e-14));
    CHECK(many.data()[i] == Approx(4096 * x * x * x * x).epsilon(1e-14));
  }
  tl::sum(many).backward();
  for (int i = 0; i < 7; ++i) CHECK(a.grad().data()[i] == Approx(4 * 4096 * std::pow(a.data()[i], 3)).epsilon(1e-13));
}

TEST_CASE("shapes that do not broadcast are refused with both of them", "[expr][expression]") {
  const auto a = numbers<double>({2, 3}, 1), b = numbers<double>({4, 5}, 2);
  CHECK_THROWS_AS((a + b).eval(), tl::ShapeError);
  CHECK_THROWS_WITH((a + b).eval(), ContainsSubstring("[2, 3]") && ContainsSubstring("[4, 5]") && ContainsSubstring("broadcast"));
  CHECK_THROWS_AS(a.add_(numbers<double>({4, 2, 3}, 3)), tl::ShapeError);
  CHECK_THROWS_AS((tl::Tensor<double>() + a), tl::Error);
}

TEST_CASE("sizes around the ends of blocks and vectors are computed to the last element", "[expr][expression]") {
  const std::int64_t n = GENERATE(0, 1, 2, 3, 15, 16, 17, 63, 255, 256, 257, 511, 513, 1000, 100003);
  CAPTURE(n);
  const auto a = numbers<float>({n}, 1).requires_grad_(), b = numbers<float>({n}, 2).requires_grad_(), g = numbers<float>({n}, 3);
  const tl::Tensor<float> y = tl::exp(a) * b + a;
  y.backward(g);
  std::vector<double> want, da, db;
  for (std::int64_t i = 0; i < n; ++i) {
    const double x = a.data()[i], e = std::exp(x);
    want.push_back(e * b.data()[i] + x);
    da.push_back(g.data()[i] * (e * b.data()[i] + 1));
    db.push_back(g.data()[i] * e);
  }
  CHECK(distance(values(y), want) < 1e-6);
  CHECK(distance(values(a.grad()), da) < 1e-6);
  CHECK(distance(values(b.grad()), db) < 1e-6);
}
