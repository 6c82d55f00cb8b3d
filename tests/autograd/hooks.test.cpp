// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

TEST_CASE("a hook on a tensor inside the graph sees its whole gradient and may replace it", "[autograd][hooks]") {
  const Double x = Double({2}, {1, 2}).requires_grad_();
  const Double h = x * 3.0;
  std::vector<double> seen;
  h.register_hook([&](const Double& g) { seen = g.to_vector(); });
  h.register_hook([](const Double& g) { return g * 10.0; });
  std::vector<double> after;
  h.register_hook([&](const Double& g) { after = g.to_vector(); });
  tl::sum(h * 2.0 + h).backward();
  CHECK(seen == std::vector<double>{3, 3});
  CHECK(after == std::vector<double>{30, 30});
  CHECK(x.grad().to_vector() == std::vector<double>{90, 90});
}

TEST_CASE("a hook on a leaf runs once per backward, on the sum of all paths", "[autograd][hooks]") {
  const Double x = Double({1}, {1}).requires_grad_();
  std::vector<double> seen;
  x.register_hook([&](const Double& g) {
    seen.push_back(g.item());
    return Double(g * 0.5);
  });
  tl::sum(Double(x * 2.0) + Double(x * 4.0)).backward();
  CHECK(seen == std::vector<double>{6});
  CHECK(x.grad().item() == 3);
  tl::sum(x * 2.0).backward();
  CHECK(seen == std::vector<double>{6, 2});
  CHECK(x.grad().item() == 4);
}

TEST_CASE("a removed hook is not called any more", "[autograd][hooks]") {
  const Double x = Double({1}, {1}).requires_grad_();
  int calls = 0;
  auto handle = x.register_hook([&](const Double&) { ++calls; });
  tl::sum(x * 2.0).backward();
  handle.remove();
  handle.remove();
  tl::sum(x * 2.0).backward();
  CHECK(calls == 1);
  decltype(handle) nothing;
  nothing.remove();
}

TEST_CASE("grad() runs the hooks of what it passes", "[autograd][hooks]") {
  const Double x = Double({1}, {1}).requires_grad_();
  const Double h = x * 3.0;
  h.register_hook([](const Double& g) { return g * 10.0; });
  x.register_hook([](const Double& g) { return g + 1.0; });
  CHECK(tl::autograd::grad(tl::sum(h), x).item() == 31);
}

TEST_CASE("what a hook keeps does not change later", "[autograd][hooks]") {
  const Double x = Double({2}, {1, 2}).requires_grad_();
  const Double h = x * 3.0;
  Double kept;
  h.register_hook([&](const Double& g) { kept = g; });
  tl::sum(h * h).backward();
  CHECK(kept.to_vector() == std::vector<double>{6, 12});
  CHECK(x.grad().to_vector() == std::vector<double>{18, 36});
}

TEST_CASE("a hook must keep the shape, and needs a tensor that gets a gradient", "[autograd][hooks]") {
  const Double x = Double({2}, {1, 2}).requires_grad_();
  const Double h = x * 3.0;
  h.register_hook([](const Double&) { return Double({1}, {1}); });
  CHECK_THROWS_AS(tl::sum(h).backward(), tl::ShapeError);
  CHECK_THROWS_AS(Double({1}, {1}).register_hook([](const Double&) {}), tl::Error);
}

TEST_CASE("a hook takes part in derivatives of derivatives, each time a gradient comes by", "[autograd][hooks]") {
  const Double x = Double({1}, {2}).requires_grad_();
  const Double h = x * x;
  h.register_hook([](const Double& g) { return g * 3.0; });
  // y = h^2: the gradient of h is 2 h, made 6 h; dx = 6 h * 2 x. That again: 6 h * 2 directly, and 6 * 2 x through h, tripled, times 2 x.
  const Double dx = tl::autograd::grad(tl::sum(h * h), x, {.create_graph = true});
  CHECK(dx.item() == Approx(96));
  CHECK(tl::autograd::grad(tl::sum(dx), x).item() == Approx(48 + 288));
}
