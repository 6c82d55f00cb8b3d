// SPDX-License-Identifier: BSD-3-Clause
// The life of a graph: depth, memory, errors on the way.
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <memory>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

namespace {
/// A tensor over memory that tells when nobody holds it any more.
Double watched(double value, int& alive) {
  ++alive;
  return Double::from_blob(new double(value), {1}, [&alive](double* p) {
    --alive;
    delete p;
  });
}
}  // namespace

TEST_CASE("a chain of a million nodes is gone through and destroyed without recursion", "[autograd][graph]") {
  const int depth = TORCHLITE_ASAN ? 200000 : 1000000;
  const Double w = Double({1}, {1}).requires_grad_();
  Double chain = w;
  for (int i = 0; i < depth; ++i) chain = chain + 1.0;
  chain.backward();
  CHECK(w.grad().item() == 1.0);
  Double unused = w;
  for (int i = 0; i < depth / 5; ++i) unused = unused * 1.0;
  CHECK(tl::autograd::grad(unused, w, {.retain_graph = true}).item() == 1.0);
  unused = Double();  // destroyed with its whole graph
  Double views = w;
  for (int i = 0; i < depth / 10; ++i) views = tl::view(views, {1, 1}), views = tl::view(views, {1});
  views = Double();
}

TEST_CASE("saved values are freed by backward, not by the death of the outputs", "[autograd][graph]") {
  int alive = 0;
  const Double x = Double({1}, {2}).requires_grad_();
  Double y;
  {
    const Double saved = watched(3, alive);
    y = x * saved;
  }
  CHECK(alive == 1);
  y.backward({}, true);
  CHECK(alive == 1);
  y.backward();
  CHECK(alive == 0);
  CHECK(x.grad().item() == 6);
}

TEST_CASE("a graph that nobody asks for dies with its outputs", "[autograd][graph]") {
  int alive = 0;
  const Double x = Double({1}, {2}).requires_grad_();
  {
    const Double y = x * watched(3, alive) + x * watched(4, alive);
    const Double z = tl::exp(y) * y;
    CHECK(alive == 2);
  }
  CHECK(alive == 0);
}

TEST_CASE("operations that keep their own result make no cycle", "[autograd][graph]") {
  int alive = 0;
  {
    const Double x = watched(2, alive).requires_grad_();
    const Double y = tl::exp(x), z = tl::exp(tl::exp(y));
    const Double d = tl::autograd::grad(z, x, {.create_graph = true});
    CHECK(d.requires_grad());
  }
  CHECK(alive == 0);
  {
    const Double x = watched(2, alive).requires_grad_();
    const Double y = x * 2.0;
    y.mul_(x);
    y.mul_(y);
    y.copy_(y * x);
    tl::view(y, {1, 1}).add_(tl::view(x, {1, 1}));
    CHECK(y.requires_grad());
  }
  CHECK(alive == 0);
}

TEST_CASE("a hook that throws leaves a graph that can be gone through again", "[autograd][graph]") {
  const Double x = Double({1}, {2}).requires_grad_(), w = Double({1}, {5}).requires_grad_();
  const Double h = x * w;
  bool fail = true;
  h.register_hook([&](const Double&) {
    if (fail) throw tl::Error("no");
  });
  const Double y = tl::sum(Double(h * h) + Double(x * 3.0));
  CHECK_THROWS_WITH(y.backward({}, true), ContainsSubstring("no"));
  CHECK(!x.grad().defined());
  fail = false;
  y.backward({}, true);
  CHECK(x.grad().item() == 103);  // 2 h w + 3
  CHECK(w.grad().item() == 40);
  fail = true;
  CHECK_THROWS(tl::autograd::grad(y, x, {.retain_graph = true}));
  fail = false;
  CHECK(tl::autograd::grad(y, x, {.retain_graph = true}).item() == 103);
  CHECK(tl::is_grad_enabled());
}

TEST_CASE("an error in backward names the operation and the user's line", "[autograd][graph]") {
  const Double x = Double({2}, {1, 2}).requires_grad_();
  const Double y = x * 2.0;
  const int line = __LINE__ + 1;
  const Double z = y * y;
  y.add_(1.0);
  try {
    z.backward(Double({2}, {1, 1}));
    FAIL("nothing thrown");
  } catch (const tl::Error& e) {
    CHECK_THAT(e.what(), ContainsSubstring("mul") && ContainsSubstring("graph.test.cpp:" + std::to_string(line)));
  }
}

TEST_CASE("backward inside a hook is a pass of its own", "[autograd][graph]") {
  const Double x = Double({1}, {2}).requires_grad_(), w = Double({1}, {3}).requires_grad_();
  const Double h = x * 2.0;
  h.register_hook([&](const Double&) {
    const tl::EnableGradGuard enable;
    tl::sum(w * w).backward();
  });
  tl::sum(h * w).backward();
  CHECK(x.grad().item() == 6);
  CHECK(w.grad().item() == 4 + 6);
}
