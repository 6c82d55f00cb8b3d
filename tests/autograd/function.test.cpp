// SPDX-License-Identifier: BSD-3-Clause
// Functions with their own backward, checkpoints, and the checks of gradients themselves.
#include <support/catch.hpp>
#include <torchlite/autograd/checkpoint.hpp>
#include <torchlite/autograd/function.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/sign.hpp>
#include <torchlite/ops/pointwise/sin.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

namespace {

struct Cube : tl::autograd::Function<Cube> {
  template <class T, class D>
  static tl::Tensor<T, D> forward(tl::autograd::Context& context, const tl::Tensor<T, D>& x) {
    context.save_for_backward(x);
    return x * x * x;
  }
  template <class T, class D>
  static tl::Tensor<T, D> backward(tl::autograd::Context& context, const tl::Tensor<T, D>& g) {
    const auto x = context.saved<T, D>(0);
    return x * x * 3.0 * g;
  }
};

/// a^2 * b * factor, the result kept too.
struct Scaled : tl::autograd::Function<Scaled> {
  template <class T, class D>
  static tl::Tensor<T, D> forward(tl::autograd::Context& context, const tl::Tensor<T, D>& a, const tl::Tensor<T, D>& b, double factor) {
    const tl::Tensor<T, D> out = a * a * b * factor;
    context.save_for_backward(a, b, out);
    context.saved_data["factor"] = factor;
    return out;
  }
  template <class T, class D>
  static auto backward(tl::autograd::Context& context, const tl::Tensor<T, D>& g) {
    const auto a = context.saved<T, D>(0), b = context.saved<T, D>(1);
    const double factor = context.saved_data["factor"];
    return std::tuple(tl::Tensor<T, D>(a * b * 2.0 * factor * g), tl::Tensor<T, D>(a * a * factor * g));
  }
};

struct PassThrough : tl::autograd::Function<PassThrough> {
  template <class T, class D>
  static tl::Tensor<T, D> forward(tl::autograd::Context&, const tl::Tensor<T, D>& x) {
    return x;
  }
  template <class T, class D>
  static tl::Tensor<T, D> backward(tl::autograd::Context&, const tl::Tensor<T, D>& g) {
    return -g;
  }
};

struct Wrong : tl::autograd::Function<Wrong> {
  template <class T, class D>
  static tl::Tensor<T, D> forward(tl::autograd::Context& context, const tl::Tensor<T, D>& x) {
    context.save_for_backward(x);
    return x * x;
  }
  template <class T, class D>
  static tl::Tensor<T, D> backward(tl::autograd::Context& context, const tl::Tensor<T, D>& g) {
    return context.saved<T, D>(0) * 2.1 * g;
  }
};

/// Right at first order; its backward hides from the graph, so that the second order is wrong.
struct WrongSecond : tl::autograd::Function<WrongSecond> {
  template <class T, class D>
  static tl::Tensor<T, D> forward(tl::autograd::Context& context, const tl::Tensor<T, D>& x) {
    context.save_for_backward(x);
    return x * x;
  }
  template <class T, class D>
  static tl::Tensor<T, D> backward(tl::autograd::Context& context, const tl::Tensor<T, D>& g) {
    return context.saved<T, D>(0).detach() * 2.0 * g;
  }
};

const Double& input() {
  static const Double x = Double({2, 2}, {0.5, -1.25, 2, 0.75}).requires_grad_();
  return x;
}

}  // namespace

TEST_CASE("a function with its own backward is differentiated by it, to any order", "[autograd][function]") {
  CHECK(tl::gradcheck([](const Double& x) { return Cube::apply(x); }, input()));
  CHECK(tl::gradgradcheck([](const Double& x) { return Cube::apply(x); }, input()));
  const Double x = Double({1}, {2}).requires_grad_();
  const Double d1 = tl::autograd::grad(Cube::apply(x), x, {.create_graph = true});
  const Double d2 = tl::autograd::grad(d1, x, {.create_graph = true});
  CHECK(d1.item() == 12);
  CHECK(d2.item() == 12);
  CHECK(tl::autograd::grad(d2, x).item() == 6);
}

TEST_CASE("a function takes several tensors, numbers, and expressions, and keeps what it saves", "[autograd][function]") {
  const Double b = Double({2, 2}, {1, 2, 3, 4}).requires_grad_();
  const auto f = [](const Double& x, const Double& y) { return Scaled::apply(x * 1.0, y, 1.5); };
  CHECK(tl::gradcheck(f, input(), b));
  CHECK(tl::gradgradcheck(f, input(), b));
}

TEST_CASE("a function that hands its input through still has its own backward", "[autograd][function]") {
  const Double x = Double({2}, {1, 2}).requires_grad_();
  const Double y = PassThrough::apply(x);
  tl::sum(y).backward();
  CHECK(x.grad().to_vector() == std::vector<double>{-1, -1});
  CHECK(x.is_leaf());
}

TEST_CASE("a function records nothing where no gradient is wanted, and refuses saved values that changed", "[autograd][function]") {
  CHECK(!Cube::apply(Double({1}, {2})).requires_grad());
  {
    const tl::NoGradGuard no_grad;
    CHECK(!Cube::apply(input()).requires_grad());
  }
  const Double x = Double({1}, {2}).requires_grad_();
  const Double h = x * 1.0, y = Cube::apply(h);
  h.add_(1.0);
  CHECK_THROWS_WITH(y.backward(), ContainsSubstring("modified in place"));
}

TEST_CASE("the checks of gradients reject wrong ones and say where", "[autograd][gradcheck]") {
  CHECK_THROWS_WITH(tl::gradcheck([](const Double& x) { return Wrong::apply(x); }, input()),
                    ContainsSubstring("gradcheck") && ContainsSubstring("input 0, element 0"));
  CHECK(tl::gradcheck([](const Double& x) { return WrongSecond::apply(x); }, input()));
  CHECK_THROWS_WITH(tl::gradgradcheck([](const Double& x) { return WrongSecond::apply(x); }, input()), ContainsSubstring("gradgradcheck"));
  CHECK_THROWS_WITH(tl::gradcheck([](const Double& x) { return x * 2.0; }, Double({1}, {1})), ContainsSubstring("requires_grad_"));
}

TEST_CASE("checks of gradients take several outputs, and leave their inputs alone", "[autograd][gradcheck]") {
  const auto f = [](const Double& x, const Double& y) { return std::tuple(Double(x * y), tl::sum(x * x), Double(tl::sin(y))); };
  const Double y = Double({2, 1}, {0.5, 2}).requires_grad_();
  const std::vector<double> before = input().to_vector();
  CHECK(tl::gradcheck(f, input(), y));
  CHECK(tl::gradgradcheck(f, input(), y));
  CHECK(input().to_vector() == before);
  CHECK(!y.grad().defined());
}

TEST_CASE("a checkpoint gives the gradients of what it wraps, of any order", "[autograd][checkpoint]") {
  const auto block = [](const Double& t) { return tl::sin(tl::exp(t) * t); };
  const Double x = Double({3}, {0.1, -0.5, 1}).requires_grad_(), y = Double({3}, {0.1, -0.5, 1}).requires_grad_();
  tl::sum(tl::autograd::checkpoint(block, x * 2.0)).backward();
  tl::sum(block(y * 2.0)).backward();
  CHECK(x.grad().to_vector() == y.grad().to_vector());
  const auto wrapped = [&](const Double& t) { return tl::autograd::checkpoint(block, t); };
  CHECK(tl::gradcheck(wrapped, x));
  CHECK(tl::gradgradcheck(wrapped, x));
  const auto two = [](const Double& a, const Double& b) { return a * b * b; };
  const auto wrapped_two = [&](const Double& a, const Double& b) { return tl::autograd::checkpoint(two, a, b); };
  CHECK(tl::gradcheck(wrapped_two, x, y));
  CHECK(tl::gradgradcheck(wrapped_two, x, y));
}

TEST_CASE("parameters that a checkpoint catches get their gradients", "[autograd][checkpoint]") {
  const Double w = Double({2}, {3, 4}).requires_grad_();
  const Double plain({2}, {1, 2});
  tl::sum(tl::autograd::checkpoint([&](const Double& t) { return t * w * w; }, plain)).backward();  // no input requires a gradient
  CHECK(w.grad().to_vector() == std::vector<double>{6, 16});
  const Double x = Double({2}, {1, 2}).requires_grad_();
  w.zero_grad();
  tl::sum(tl::autograd::checkpoint([&](const Double& t) { return t * w * w; }, x) + w).backward();
  CHECK(w.grad().to_vector() == std::vector<double>{7, 17});
  CHECK(x.grad().to_vector() == std::vector<double>{9, 16});
}

TEST_CASE("random numbers inside a checkpoint are drawn the same again, and those after it go on", "[autograd][checkpoint]") {
  tl::manual_seed(7);
  const Double x = Double::from(std::vector<double>(64, 1.0)).requires_grad_();
  const Double y = tl::autograd::checkpoint([](const Double& t) { return t * tl::rand<double>({64}); }, x);
  const double next = tl::rand<double>({1}).item();
  tl::manual_seed(7);
  const std::vector<double> mask = tl::rand<double>({64}).to_vector();
  CHECK(y.to_vector() == mask);
  CHECK(tl::rand<double>({1}).item() == next);
  const auto state = tl::default_generator().get_state();
  tl::sum(y).backward();
  CHECK(x.grad().to_vector() == mask);  // d(x m)/dx is the mask of the forward pass
  const double after = tl::rand<double>({1}).item();
  tl::default_generator().set_state(state);
  CHECK(tl::rand<double>({1}).item() == after);
}
