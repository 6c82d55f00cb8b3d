// SPDX-License-Identifier: BSD-3-Clause
// Pointwise operations of a user's own: the formula, its derivative, and nothing else.
#include <support/catch.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <cmath>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

namespace {

/// (x + sqrt(x^2 + 4)) / 2
struct Squareplus {
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    using std::sqrt;
    return (x + sqrt(x * x + T(4))) * T(0.5);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    using std::sqrt;
    return (T(1) + x / sqrt(x * x + T(4))) * T(0.5);
  }
};
constexpr tl::Pointwise<Squareplus> squareplus{};

/// a^2 b + e^(a b)
struct Mixed {
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    using std::exp;
    return a * a * b + exp(a * b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static tl::Partials<T, 2> derivative(T a, T b) {
    using std::exp;
    const T e = exp(a * b);
    return {{T(2) * a * b + b * e, a * a + a * e}};
  }
};
constexpr tl::Pointwise<Mixed> mixed{};

/// x^3 for positive x, x^2 otherwise, by an ordinary branch.
struct Branches {
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x > T(0) ? x * x * x : x * x;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return x > T(0) ? T(3) * x * x : T(2) * x;
  }
};
constexpr tl::Pointwise<Branches> branches{};

const Double& input() {
  static const Double x = Double({2, 3}, {0.4, -1.3, 0.9, -0.2, 1.7, -0.8}).requires_grad_();
  return x;
}

}  // namespace

TEST_CASE("a user's operation of one operand has derivatives of first and second order", "[ops][custom_op]") {
  const auto f = [](const Double& x) { return squareplus(x * 2.0) + 1.0; };
  CHECK(tl::gradcheck(f, input()));
  CHECK(tl::gradgradcheck(f, input()));
  const Double y = squareplus(input());
  for (int i = 0; i < 6; ++i) {
    const double x = input().data()[i];
    CHECK(y.data()[i] == Approx((x + std::sqrt(x * x + 4)) / 2).epsilon(1e-15));
  }
}

TEST_CASE("a user's operation fuses with its neighbours and works in every floating dtype", "[ops][custom_op]") {
  const auto start = tl::kernel_count();
  const Double y = squareplus(input() * 2.0) + input();
  CHECK(tl::kernel_count() - start == 1);
  const tl::Tensor<float> f = squareplus(tl::Tensor<float>::from({0, 1.5f}));
  CHECK(f.data()[0] == 1);
  CHECK(f.data()[1] == 2);
  const tl::Tensor<tl::half> h = squareplus(tl::Tensor<tl::half>::from({tl::half(1.5f)}));
  CHECK(static_cast<float>(h.item()) == 2);
  const tl::Tensor<float> i = squareplus(tl::Tensor<std::int32_t>::from({0}));  // integers give float
  CHECK(i.item() == 1);
}

TEST_CASE("a user's operation of two operands has mixed second derivatives, broadcast or not", "[ops][custom_op]") {
  const auto f = [](const Double& a, const Double& b) { return mixed(a, b) * a; };
  const Double b = Double({2, 3}, {0.3, 0.6, -0.5, 0.8, -0.7, 0.2}).requires_grad_(), row = Double({3}, {0.3, 0.6, -0.5}).requires_grad_();
  CHECK(tl::gradcheck(f, input(), b));
  CHECK(tl::gradgradcheck(f, input(), b));
  CHECK(tl::gradcheck(f, input(), row));
  CHECK(tl::gradgradcheck(f, input(), row));
}

TEST_CASE("a user's operation may branch", "[ops][custom_op]") {
  const auto f = [](const Double& x) { return branches(x); };
  CHECK(tl::gradcheck(f, input()));
  CHECK(tl::gradgradcheck(f, input()));
}
