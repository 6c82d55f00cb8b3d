// SPDX-License-Identifier: BSD-3-Clause
// In-place operations on what takes part in a graph.
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/relu.hpp>
#include <torchlite/ops/pointwise/sigmoid.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/pointwise/tanh.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <cmath>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

namespace {
Double leaf(std::initializer_list<double> values) { return Double({static_cast<std::int64_t>(values.size())}, values).requires_grad_(); }

/// Central differences of f, a function of the elements of a vector.
template <class F>
std::vector<double> differences(F f, std::vector<double> x) {
  std::vector<double> d;
  for (double& v : x) {
    const double at = v, eps = 1e-6;
    v = at + eps;
    const double up = Double(f(Double::from(x))).item();
    v = at - eps;
    const double down = Double(f(Double::from(x))).item();
    v = at;
    d.push_back((up - down) / (2 * eps));
  }
  return d;
}

/// The recorded gradient of f against its differences.
template <class F>
void check(F f, std::vector<double> x = {0.3, -1.2, 0.8, 1.7, -0.4, 0.6}) {
  const Double in = Double::from(x).requires_grad_();
  Double(f(in)).backward();
  const std::vector<double> got = in.grad().to_vector(), want = differences(f, x);
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    CHECK(got[i] == Approx(want[i]).margin(1e-7).epsilon(1e-6));
  }
}
}  // namespace

TEST_CASE("a value that backward needs and that was overwritten is an error that names the operation and the line", "[autograd][inplace]") {
  const Double x = leaf({1, 2});
  const Double e = x * 1.0, out = tl::exp(e) * e;
  e.mul_(2.0);
  CHECK_THROWS_WITH(tl::sum(out).backward(),
                    ContainsSubstring("modified in place") && ContainsSubstring("mul") && ContainsSubstring("inplace.test.cpp"));
  const Double r = tl::exp(x);  // keeps its result
  const Double two = r * 2.0;
  r.add_(1.0);
  CHECK_THROWS_WITH(tl::sum(two).backward(), ContainsSubstring("modified in place") && ContainsSubstring("exp"));
  const Double a = Double({2, 2}, {1, 2, 3, 4}).requires_grad_(), b = Double({2, 2}, {1, 2, 3, 4});
  const Double c = tl::matmul(a, b);
  b.fill_(0);
  CHECK_THROWS_WITH(tl::sum(c).backward(), ContainsSubstring("modified in place") && ContainsSubstring("mm"));
}

TEST_CASE("relu, exp, tanh and sigmoid, also of a sum, keep their result and let go of their argument", "[autograd][inplace]") {
  const auto keeps_result_only = [](const char* name, auto f) {
    CAPTURE(name);
    const Double x = leaf({0.5, -2}), shortcut = x * 3.0;
    Double argument = x * 1.0;
    const auto gradient = [&](const Double& y) {
      x.zero_grad();
      tl::sum(y).backward();
      return x.grad().to_vector();
    };
    const Double y = f(argument);
    CHECK(argument.ref()->use_count() == 1);
    CHECK(argument.impl().storage->use_count() == 1);
    const Double want = f(Double(x * 1.0));
    argument.mul_(7.0);  // nobody looks at it
    CHECK(gradient(y) == gradient(want));
    const Double sum = f(argument + shortcut);
    CHECK(argument.ref()->use_count() == 1);
    CHECK(shortcut.ref()->use_count() == 1);
    sum.add_(1.0);
    CHECK_THROWS_WITH(gradient(sum), ContainsSubstring("modified in place") && ContainsSubstring(name));
  };
  keeps_result_only("relu", [](const auto& a) { return Double(tl::relu(a + 0.0)); });
  keeps_result_only("exp", [](const auto& a) { return Double(tl::exp(a + 0.0)); });
  keeps_result_only("tanh", [](const auto& a) { return Double(tl::tanh(a + 0.0)); });
  keeps_result_only("sigmoid", [](const auto& a) { return Double(tl::sigmoid(a + 0.0)); });
}

TEST_CASE("overwriting what no gradient needs is allowed", "[autograd][inplace]") {
  const Double x = leaf({1, 2});
  const Double y = x + 1.0, z = y + 2.0;
  y.mul_(5.0);
  tl::sum(z).backward();
  CHECK(x.grad().to_vector() == std::vector<double>{1, 1});
}

TEST_CASE("a leaf that requires a gradient, or a view of it, is not modified in place while gradients are recorded",
          "[autograd][inplace]") {
  const Double x = leaf({1, 2, 3});
  CHECK_THROWS_WITH(x.add_(1.0), ContainsSubstring("leaf") && ContainsSubstring("NoGradGuard"));
  CHECK_THROWS_WITH(x.fill_(1.0), ContainsSubstring("leaf"));
  CHECK_THROWS_WITH(tl::slice(x, 0, 0, 2).mul_(2.0), ContainsSubstring("leaf"));
  CHECK(x.to_vector() == std::vector<double>{1, 2, 3});
  const auto before = x.version();
  {
    const tl::NoGradGuard no_grad;
    x.sub_(1.0);
  }
  CHECK(x.to_vector() == std::vector<double>{0, 1, 2});
  CHECK(x.requires_grad());
  CHECK(x.is_leaf());
  CHECK(x.version() > before);
}

TEST_CASE("in-place forms on tensors inside the graph have right gradients", "[autograd][inplace]") {
  check([](const Double& x) {
    const Double y = x * 2.0;
    y.mul_(x);
    y.add_(y);
    return tl::sum(y * x);
  });
  check([](const Double& x) {
    const Double y = tl::exp(x) * 1.0;
    y.div_(x * x + 1.0);
    y.sub_(x);
    return tl::sum(y * y);
  });
  check([](const Double& x) {  // a target that saw no gradient so far
    const Double buffer = Double({6}, {1, 2, 3, 4, 5, 6});
    buffer.mul_(x);
    return tl::sum(buffer * buffer);
  });
  check([](const Double& x) {  // broadcast into the target
    const Double y = tl::view(x * 1.0, {2, 3});
    const Double z = y * 1.0;
    z.add_(tl::select(y, 0, 0) * tl::select(y, 0, 1));
    return tl::sum(z * z);
  });
  check([](const Double& x) {
    const Double y = x * x;
    y.copy_(tl::exp(x));
    return tl::sum(y * x);
  });
  check([](const Double& x) {
    const Double y = x * x;
    y.mul_(y * y);  // x^6
    return tl::sum(y);
  });
  check([](const Double& x) {  // the old values are needed in another layout
    const Double m = tl::view(tl::slice(x, 0, 0, 4), {2, 2}) * 1.0;
    m.mul_(tl::transpose(m, 0, 1));
    return tl::sum(m * m);
  });
}

TEST_CASE("filling a tensor cuts it off from its past", "[autograd][inplace]") {
  const Double x = leaf({1, 2});
  const Double y = x * 2.0, z = x * 3.0;
  y.fill_(4);
  tl::sum(y * z).backward();
  CHECK(x.grad().to_vector() == std::vector<double>{12, 12});
}

TEST_CASE("a view that was written in place gives gradients to base, values and what the base was before", "[autograd][inplace]") {
  check([](const Double& x) {
    const Double y = x * 2.0;
    tl::slice(y, 0, 1, 3).mul_(tl::slice(x, 0, 3, 5));
    return tl::sum(y * y);
  });
  check([](const Double& x) {
    const Double m = tl::view(x * 1.0, {2, 3}) * 1.0;
    tl::select(m, 0, 1).copy_(tl::select(m, 0, 0) * tl::select(m, 0, 1));
    return tl::sum(m * m * m);
  });
  check([](const Double& x) {
    const Double m = tl::view(x, {2, 3}) * 1.0;
    tl::transpose(m, 0, 1).add_(tl::view(x * x, {3, 2}));
    return tl::sum(m * m);
  });
  check([](const Double& x) {  // rows of a buffer that requires nothing itself
    const Double buffer({3, 2}, {1, 1, 1, 1, 1, 1});
    for (int i = 0; i < 3; ++i) tl::select(buffer, 0, i).copy_(tl::slice(x, 0, 2 * i, 2 * i + 2) * static_cast<double>(i + 1));
    return tl::sum(buffer * buffer);
  });
  check([](const Double& x) {  // the view itself is used afterwards
    const Double y = x * 2.0;
    const Double v = tl::slice(y, 0, 0, 4);
    v.mul_(v);
    return tl::sum(v * v) + tl::sum(y);
  });
  check([](const Double& x) {
    const Double y = x * 2.0;
    tl::slice(y, 0, 0, 3).fill_(1.5);
    return tl::sum(y * y);
  });
  check([](const Double& x) {  // a view of a view, twice
    const Double m = tl::view(x * 1.0, {2, 3}) * 1.0;
    tl::slice(tl::select(m, 0, 1), 0, 1, 3).mul_(3.0);
    tl::slice(tl::transpose(m, 0, 1), 0, 0, 2).mul_(2.0);
    return tl::sum(m * m);
  });
}

TEST_CASE("a view is not used after its base was modified", "[autograd][inplace]") {
  const Double x = leaf({1, 2, 3, 4});
  const Double y = x * 2.0;
  const Double v = tl::slice(y, 0, 0, 2);
  y.mul_(3.0);
  CHECK_THROWS_WITH(tl::sum(v * 2.0), ContainsSubstring("view") && ContainsSubstring("modified in place"));
  const Double again = tl::slice(y, 0, 0, 2);
  // Not {6, 6, 0, 0}: g++ 12.2 with AVX-512 makes {6, 6, 6, 6} of that constant.
  tl::sum(again * Double({2}, {1, 2})).backward();
  CHECK(x.grad().to_vector() == std::vector<double>{6, 12, 0, 0});
}

TEST_CASE("a refused in-place operation changes neither memory nor version", "[autograd][inplace]") {
  const Double x = leaf({1, 2});
  const auto version = x.version();
  CHECK_THROWS_AS(x.mul_(2.0), tl::Error);
  CHECK_THROWS_AS(Double(x * 2.0).add_(Double({3}, {1, 2, 3})), tl::ShapeError);
  CHECK(x.version() == version);
  CHECK(x.to_vector() == std::vector<double>{1, 2});
}

TEST_CASE("views and the tensors they show count one version", "[autograd][inplace]") {
  const Double x({4}, {1, 2, 3, 4});
  const Double v = tl::slice(x, 0, 1, 3), d = x.detach();
  const auto start = x.version();
  v.add_(1.0);
  CHECK(x.version() == start + 1);
  CHECK(d.version() == start + 1);
  CHECK(x.to_vector() == std::vector<double>{1, 3, 4, 4});
}
