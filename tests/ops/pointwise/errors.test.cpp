// SPDX-License-Identifier: BSD-3-Clause
// What a wrong call says: the operation, both facts and the rule.
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/addcmul.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/pointwise/tanh.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/special/gamma.hpp>
#include <torchlite/ops/special/incomplete_gamma.hpp>
#include <torchlite/ops/special/zeta.hpp>

#include <string>

namespace tl = torchlite;
using Float = tl::Tensor<float>;

namespace {
template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const tl::Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}
Float of(const tl::Shape& sizes) {
  const Float t = tl::empty<float>(sizes);
  t.fill_(1);
  return t;
}
}  // namespace

TEST_CASE("operands that do not broadcast are named with both shapes and the rule", "[ops][errors]") {
  const Float a = of({2, 3}), b = of({4, 3}), c = of({5});
  const std::string rule = "shapes [2, 3] and [4, 3] do not broadcast: sizes 2 and 4 at dimension -2 must be equal or 1";
  CHECK(message([&] { Float y(a + b); }) == "add: " + rule);
  CHECK(message([&] { Float y(a * b); }) == "mul: " + rule);
  CHECK(message([&] { Float y(tl::maximum(a, b)); }) == "maximum: " + rule);
  CHECK(message([&] { tl::Tensor<bool> y(a < b); }) == "lt: " + rule);
  CHECK(message([&] { Float y(a - c); }) ==
        "sub: shapes [2, 3] and [5] do not broadcast: sizes 3 and 5 at dimension -1 must be equal or 1");
  // The outermost operation of an expression is the one that runs and is named.
  CHECK(message([&] { Float y(tl::tanh(a * 2.0f + b)); }) == "tanh: " + rule);
  CHECK(message([&] { Float y(tl::where(a > 0.0f, b, a)); }).find("where: shapes [2, 3] and [4, 3] do not broadcast") == 0);
  CHECK(message([&] { Float y(tl::addcmul(a, b, b)); }) == "add: " + rule);
}

TEST_CASE("an in-place form cannot grow its target, and leaves it as it was", "[ops][errors]") {
  const Float a = of({3}), b = of({2, 3});
  const std::string text = message([&] { a.add_(b); });
  CHECK(text.find("add_: ") == 0);
  CHECK(text.find("[3]") != std::string::npos);
  CHECK(text.find("[2, 3]") != std::string::npos);
  CHECK(a.to_vector() == std::vector<float>{1, 1, 1});
}

TEST_CASE("special functions refuse orders and gradients that do not exist", "[ops][errors]") {
  const Float x = of({2}), a = of({2}).requires_grad_();
  CHECK(message([&] { tl::polygamma(-1, x); }) == "polygamma: n is -1; the order of a derivative must not be negative");
  CHECK(message([&] { tl::mvlgamma(x, 0); }) == "mvlgamma: p is 0; the dimension must be at least 1");
  const std::string rule = " requires grad, and no derivative with respect to it is offered; detach it first";
  CHECK(message([&] { tl::igamma(a, x); }) == "igamma: a" + rule);
  CHECK(message([&] { tl::igammac(a * 2.0f, x); }) == "igammac: a" + rule);
  CHECK(message([&] { tl::special::zeta(a, x); }) == "zeta: x" + rule);
  const tl::NoGradGuard guard;
  CHECK(Float(tl::igamma(a, x)).sizes() == tl::Shape{2});
}
