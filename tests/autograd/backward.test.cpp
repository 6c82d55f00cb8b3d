// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/sin.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <cmath>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

namespace {
Double leaf(std::initializer_list<double> values) { return Double({static_cast<std::int64_t>(values.size())}, values).requires_grad_(); }
std::vector<double> list(std::initializer_list<double> values) { return values; }
}  // namespace

TEST_CASE("gradients accumulate over calls until they are cleared", "[autograd][backward]") {
  const Double x = leaf({1, 2});
  CHECK(!x.grad().defined());
  tl::sum(x * 2.0).backward();
  const Double first = x.grad();
  tl::sum(x * x).backward();
  CHECK(x.grad().to_vector() == list({4, 6}));
  CHECK(first.to_vector() == list({2, 2}));  // a handle that somebody kept does not change underneath
  x.zero_grad();
  CHECK(!x.grad().defined());
}

TEST_CASE("the gradient handed to backward is neither kept nor changed", "[autograd][backward]") {
  const Double x = leaf({1, 2}), g({2}, {3, 4});
  Double(x + 0.0).backward(g);
  Double(x + 0.0).backward(g);
  CHECK(g.to_vector() == list({3, 4}));
  CHECK(x.grad().to_vector() == list({6, 8}));
  g.fill_(0);
  CHECK(x.grad().to_vector() == list({6, 8}));
  const Double y = leaf({1, 2}), h({2}, {1, 1});
  y.backward(h);  // a leaf is its own output
  h.fill_(9);
  CHECK(y.grad().to_vector() == list({1, 1}));
}

TEST_CASE("paths that part and join again are summed, each node run once", "[autograd][backward]") {
  const Double x = leaf({0.5});
  int runs = 0;
  const Double a = tl::exp(x);
  a.register_hook([&](const Double&) { ++runs; });
  const Double b = a * 2.0, c = a * a, d = b * c;
  tl::sum(d + b).backward();
  // d = 2 e^3x, b = 2 e^x
  CHECK(x.grad().item() == Approx(6 * std::exp(1.5) + 2 * std::exp(0.5)).epsilon(1e-14));
  CHECK(runs == 1);
}

TEST_CASE("a ladder of diamonds costs its length, not its number of paths", "[autograd][backward]") {
  const Double x = leaf({1});
  Double y = x;
  for (int i = 0; i < 60; ++i) {
    const Double left = y * 0.5, right = y * 0.5;
    y = left + right;
  }
  tl::sum(y).backward();  // 2^60 paths
  CHECK(x.grad().item() == 1.0);
}

TEST_CASE("a leaf used several times in one expression gets the sum", "[autograd][backward]") {
  const Double x = leaf({3, -2});
  tl::sum(x * x * x + x * x).backward();
  CHECK(x.grad().to_vector() == list({33, 8}));
  const Double y = leaf({3, -2});
  const Double same = y;  // another handle of the same tensor
  tl::sum(y * same).backward();
  CHECK(y.grad().to_vector() == list({6, -4}));
}

TEST_CASE("a graph is freed by backward unless it is retained", "[autograd][backward]") {
  const Double x = leaf({2});
  const Double y = tl::sum(tl::exp(x) * x);
  y.backward({}, true);
  y.backward({}, true);
  y.backward();
  CHECK(x.grad().item() == Approx(9 * std::exp(2.0)).epsilon(1e-14));
  CHECK_THROWS_WITH(y.backward(), ContainsSubstring("retain_graph"));
  CHECK(x.grad().item() == Approx(9 * std::exp(2.0)).epsilon(1e-14));
}

TEST_CASE("derivatives of derivatives go to the third order and beyond", "[autograd][backward]") {
  const Double x = leaf({0.7, -1.3});
  const Double y = tl::sum(tl::sin(x) * tl::exp(x * 2.0));
  Double d = y;
  // (e^2x sin x)^(n) = Im((2 + i)^n e^(2 + i)x)
  double re = 1, im = 0;
  for (int n = 1; n <= 4; ++n) {
    d = tl::autograd::grad(tl::sum(d), x, {.create_graph = true});
    const double next = 2 * re - im;
    im = re + 2 * im;
    re = next;
    for (int i = 0; i < 2; ++i) {
      const double v = x.data()[i], want = std::exp(2 * v) * (re * std::sin(v) + im * std::cos(v));
      CAPTURE(n, v);
      CHECK(d.data()[i] == Approx(want).epsilon(1e-12));
    }
  }
  CHECK(!x.grad().defined());
}

TEST_CASE("mixed second derivatives are right with shared and broadcast leaves", "[autograd][backward]") {
  const Double a = leaf({0.3, 0.8, -0.5}), s = Double({}, {1.5}).requires_grad_();
  const Double y = tl::sum(a * a * a * s * s);
  const auto [da, ds] = tl::autograd::grad({y}, {a, s}, {.create_graph = true});
  const Double mixed = tl::autograd::grad(tl::sum(da), s, {.retain_graph = true});
  double want = 0;
  for (int i = 0; i < 3; ++i) want += 3 * a.data()[i] * a.data()[i] * 2 * 1.5;
  CHECK(mixed.item() == Approx(want).epsilon(1e-13));
  const Double other = tl::autograd::grad(ds, a);
  for (int i = 0; i < 3; ++i) CHECK(other.data()[i] == Approx(6 * a.data()[i] * a.data()[i] * 1.5).epsilon(1e-13));
}

TEST_CASE("backward with create_graph leaves gradients that can be differentiated", "[autograd][backward]") {
  const Double x = leaf({2});
  tl::sum(x * x * x).backward({}, false, true);
  const Double g = x.grad();
  CHECK(g.requires_grad());
  CHECK(tl::autograd::grad(tl::sum(g), x).item() == Approx(12.0));
  x.zero_grad();  // as in PyTorch, a leaf whose gradient has a graph is in a cycle until the gradient is reset
}

TEST_CASE("grad touches no leaf, prunes what leads elsewhere, and goes through what is not a leaf", "[autograd][backward]") {
  const Double x = leaf({2}), other = leaf({5});
  int visits = 0;
  const Double side = other * 3.0;
  side.register_hook([&](const Double&) { ++visits; });
  const Double h = x * x, y = tl::sum(h * side);
  const auto [dh, dx] = tl::autograd::grad({y}, {h, x}, {.retain_graph = true});
  CHECK(dh.item() == 15);
  CHECK(dx.item() == 60);
  CHECK(visits == 0);
  CHECK(!x.grad().defined());
  CHECK(!other.grad().defined());
  CHECK(tl::autograd::grad(y, h).item() == 15);
  CHECK(!other.grad().defined());
}

TEST_CASE("an output is its own input", "[autograd][backward]") {
  const Double x = leaf({2});
  const Double y = tl::sum(x * 3.0);
  CHECK(tl::autograd::grad(y, y, {.retain_graph = true}).item() == 1);
  CHECK(tl::autograd::grad(y, x).item() == 3);
}

TEST_CASE("the same input twice is answered twice", "[autograd][backward]") {
  const Double x = leaf({2});
  const Double y = tl::sum(x * x);
  const auto [a, b] = tl::autograd::grad({y}, {x, x});
  CHECK(a.item() == 4);
  CHECK(b.item() == 4);
}

TEST_CASE("several outputs are summed, each with its own weight", "[autograd][backward]") {
  const Double x = leaf({1, 2});
  const Double u = x * 2.0, v = x * x, gu({2}, {1, 10}), gv({2}, {1, 1});
  const auto [dx] = tl::autograd::grad({u, v}, {x}, {gu, gv});
  CHECK(dx.to_vector() == list({4, 24}));
}

TEST_CASE("outputs of which one is made from the other are summed, in either order", "[autograd][backward]") {
  const Double x = Double({1}, {2}).requires_grad_();
  const Double y = x * x, z = y * 3;
  CHECK(tl::autograd::grad({y, z}, {x}, {.retain_graph = true})[0].item() == 4 + 12);
  CHECK(tl::autograd::grad({z, y}, {x})[0].item() == 4 + 12);
}

TEST_CASE("an unused input is an error unless it is allowed", "[autograd][backward]") {
  const Double x = leaf({1}), unused = leaf({1});
  const Double y = tl::sum(x * 2.0);
  CHECK_THROWS_WITH(tl::autograd::grad(y, unused, {.retain_graph = true}), ContainsSubstring("allow_unused"));
  const auto [dx, nothing] = tl::autograd::grad({y}, {x, unused}, {.allow_unused = true});
  CHECK(dx.item() == 2);
  CHECK(!nothing.defined());
  const Double constant = Double({1}, {1});
  CHECK_THROWS_WITH(tl::autograd::grad(tl::sum(x * 2.0), constant), ContainsSubstring("requires_grad_"));
}

TEST_CASE("no graph is recorded inside a NoGradGuard, and again inside an EnableGradGuard", "[autograd][grad_mode]") {
  const Double x = leaf({1});
  {
    const tl::NoGradGuard no_grad;
    CHECK(!tl::is_grad_enabled());
    CHECK(!Double(x * 2.0).requires_grad());
    {
      const tl::EnableGradGuard enable;
      CHECK(Double(x * 2.0).requires_grad());
    }
    CHECK(!Double(x * 2.0).requires_grad());
    try {
      const tl::EnableGradGuard enable;
      throw 1;
    } catch (int) {}
    CHECK(!tl::is_grad_enabled());
  }
  CHECK(Double(x * 2.0).requires_grad());
}

TEST_CASE("the mode counts when an expression runs that has a name", "[autograd][grad_mode]") {
  const Double x = leaf({1});
  auto e = x * 2.0;
  CHECK(e.eval().requires_grad());
  CHECK(e.eval().grad_fn() == "mul");
  CHECK(x.grad_fn().empty());
  CHECK(x.is_leaf());
  CHECK(!e.eval().is_leaf());
}

TEST_CASE("detach shares memory and ends the graph", "[autograd][detach]") {
  const Double x = leaf({2});
  const Double y = x * 3.0, cut = y.detach();
  CHECK(cut.data() == y.data());
  CHECK(!cut.requires_grad());
  CHECK(cut.is_leaf());
  tl::sum(y * cut).backward();
  CHECK(x.grad().item() == 18);
  CHECK_THROWS_WITH(y.requires_grad_(false), ContainsSubstring("mul") && ContainsSubstring("detach"));
}

TEST_CASE("backward from what has no graph, is no scalar, or with a gradient of another shape is refused", "[autograd][backward]") {
  const Double x = leaf({1, 2}), plain({2}, {1, 2});
  CHECK_THROWS_WITH(plain.backward(), ContainsSubstring("requires_grad"));
  CHECK_THROWS_WITH(Double(x * 2.0).backward(), ContainsSubstring("[2]") && ContainsSubstring("scalar"));
  CHECK_THROWS_AS(Double(x * 2.0).backward(Double({3}, {1, 2, 3})), tl::ShapeError);
  CHECK(!x.grad().defined());
}

TEST_CASE("integer and bool results carry no gradient", "[autograd][backward]") {
  const Double x = leaf({1.5, -2});
  CHECK(!tl::Tensor<bool>(x > 0.0).requires_grad());
}
