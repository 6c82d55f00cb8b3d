// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <support/golden.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/linalg/linear.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

namespace {

Double tensor(const golden::Array& a) {
  tl::Shape sizes;
  for (const std::int64_t n : a.shape) sizes.push_back(n);
  return Double::from(a.values, sizes);
}

template <class T>
tl::Tensor<T> numbers(const tl::Shape& sizes, std::uint64_t seed) {
  const tl::Tensor<T> t = tl::empty<T>(sizes);
  for (std::int64_t i = 0; i < t.numel(); ++i) t.data()[i] = static_cast<T>(golden::uniform(seed, static_cast<std::uint64_t>(i)) * 4 - 2);
  return t;
}

/// Replays the calls that PyTorch recorded; f gets the operands that are tensors.
template <class F>
void replay(const std::string& variant, F f) {
  int replayed = 0;
  for (const golden::Sample& s : golden::ops().samples(variant)) {
    std::vector<const golden::Json*> given{&s.input};
    for (const golden::Json& j : s.args) given.push_back(&j);
    std::vector<Double> x;
    for (const golden::Json* j : given) {
      if (!golden::is_tensor(*j)) continue;
      x.push_back(tensor(s.at(golden::tensor_name(*j))));
      if (golden::requires_grad(*j)) x.back().requires_grad_();
    }
    CAPTURE(variant, replayed);
    const Double y = f(x);
    CHECK(golden::difference(y.to_vector(), s.out(0).values) < 1e-11);
    CHECK(y.sizes().str() == tensor(s.out(0)).sizes().str());
    ++replayed;
    if (!y.requires_grad() || s.cotangent(0) == nullptr) continue;
    y.backward(tensor(*s.cotangent(0)));
    for (std::size_t k = 0; k < x.size(); ++k)
      if (const golden::Array* want = s.grad(k)) {
        CAPTURE(k);
        REQUIRE(x[k].grad().defined());
        CHECK(golden::difference(x[k].grad().to_vector(), want->values) < 1e-11);
      }
  }
  CHECK(replayed > 0);
}

}  // namespace

TEST_CASE("products of matrices are PyTorch's, with their gradients", "[ops][linalg]") {
  for (const char* variant : {"matmul", "mm", "bmm", "mv", "dot"})
    replay(variant, [](const std::vector<Double>& x) { return tl::matmul(x[0], x[1]); });
  replay("linear", [](const std::vector<Double>& x) { return tl::linear(x[0], x[1], x.size() > 2 ? x[2] : Double()); });
}

TEST_CASE("products are sums over the inner dimension, for sizes around the kernel's tiles", "[ops][linalg]") {
  const auto [m, n, k] =
      GENERATE(std::array<std::int64_t, 3>{1, 1, 1}, std::array<std::int64_t, 3>{13, 33, 5}, std::array<std::int64_t, 3>{31, 17, 400},
               std::array<std::int64_t, 3>{64, 1, 9}, std::array<std::int64_t, 3>{1, 70, 33}, std::array<std::int64_t, 3>{3, 4, 0});
  const auto a = numbers<float>({m, k}, 1), b = numbers<float>({k, n}, 2), bt = numbers<float>({n, k}, 3);
  const auto c = tl::matmul(a, b), d = tl::matmul(a, tl::transpose(bt, 0, 1));
  bool right = true;
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      double x = 0, y = 0;
      for (std::int64_t l = 0; l < k; ++l) {
        x += static_cast<double>(a.data()[i * k + l]) * static_cast<double>(b.data()[l * n + j]);
        y += static_cast<double>(a.data()[i * k + l]) * static_cast<double>(bt.data()[j * k + l]);
      }
      const double bound = 1e-5 * (1 + static_cast<double>(k));
      right = right && std::abs(static_cast<double>(c.data()[i * n + j]) - x) < bound &&
              std::abs(static_cast<double>(d.data()[i * n + j]) - y) < bound;
    }
  CHECK(right);
}

TEST_CASE("integers multiply exactly and carry no gradient", "[ops][linalg]") {
  const auto a = tl::Tensor<std::int64_t>::from({1, 2, 3, 4}, {2, 2});
  CHECK(tl::matmul(a, a).to_vector() == std::vector<std::int64_t>{7, 10, 15, 22});
}

TEST_CASE("gradients of products, of first and second order", "[ops][linalg]") {
  const auto f = [](const Double& a, const Double& b) { return tl::matmul(a, b); };
  const std::pair<tl::Shape, tl::Shape> shapes[] = {{{3, 2}, {2, 4}},          {{3}, {3}},          {{2, 3}, {3}},       {{3}, {3, 2}},
                                                    {{2, 1, 2, 3}, {4, 3, 2}}, {{2, 3, 2}, {2, 3}}, {{2, 2}, {3, 2, 1}}, {{2}, {2, 2, 3}}};
  for (const auto& [sa, sb] : shapes) {
    CAPTURE(sa.str(), sb.str());
    const Double a = numbers<double>(sa, 1).requires_grad_(), b = numbers<double>(sb, 2).requires_grad_();
    CHECK(tl::gradcheck(f, a, b));
    CHECK(tl::gradgradcheck(f, a, b));
  }
}

TEST_CASE("gradients of linear, of first and second order, with expressions and strided operands", "[ops][linalg]") {
  const Double x = numbers<double>({2, 3, 2}, 1).requires_grad_(), w = numbers<double>({4, 2}, 2).requires_grad_(),
               b = numbers<double>({4}, 3).requires_grad_();
  const auto f = [](const Double& p, const Double& q, const Double& r) { return tl::linear(p, q, r); };
  CHECK(tl::gradcheck(f, x, w, b));
  CHECK(tl::gradgradcheck(f, x, w, b));
  const auto g = [](const Double& p, const Double& q) { return tl::linear(tl::transpose(p, 0, 1) * 2.0, tl::transpose(q, 0, 1)); };
  const Double m = numbers<double>({2, 3}, 4).requires_grad_(), v = numbers<double>({2, 3}, 5).requires_grad_();
  CHECK(tl::gradcheck(g, m, v));
  CHECK(tl::gradgradcheck(g, m, v));
}

TEST_CASE("a matrix times itself gets both gradients", "[ops][linalg]") {
  const Double a = numbers<double>({3, 3}, 1).requires_grad_();
  CHECK(tl::gradcheck([](const Double& x) { return tl::matmul(x, tl::transpose(x, 0, 1)); }, a));
  CHECK(tl::gradcheck([](const Double& x) { return tl::matmul(tl::slice(x, 0, 0, 2), x); }, a));
}

TEST_CASE("operands that do not fit are refused with both shapes and the rule", "[ops][linalg]") {
  const auto a = numbers<float>({2, 3}, 1), b = numbers<float>({4, 5}, 2), v = numbers<float>({3}, 3);
  CHECK_THROWS_AS(tl::matmul(a, b), tl::ShapeError);
  CHECK_THROWS_WITH(tl::matmul(a, b), ContainsSubstring("matmul") && ContainsSubstring("[2, 3]") && ContainsSubstring("[4, 5]") &&
                                          ContainsSubstring("must equal"));
  CHECK_THROWS_WITH(tl::mm(a, v), ContainsSubstring("mm:") && ContainsSubstring("[3]"));
  CHECK_THROWS_WITH(tl::bmm(a, b), ContainsSubstring("bmm:"));
  CHECK_THROWS_WITH(tl::mv(a, b), ContainsSubstring("mv:"));
  CHECK_THROWS_WITH(tl::dot(v, a), ContainsSubstring("dot:"));
  CHECK_THROWS_WITH(tl::linear(a, b), ContainsSubstring("linear:") && ContainsSubstring("[2, 3]") && ContainsSubstring("[4, 5]"));
  CHECK_THROWS_WITH(tl::linear(a, numbers<float>({4, 3}, 1), v), ContainsSubstring("bias") && ContainsSubstring("[3]"));
  CHECK_THROWS_AS(tl::matmul(tl::Tensor<float>({}, {1}), a), tl::ShapeError);
  CHECK_THROWS_AS(tl::matmul(numbers<float>({2, 2, 3}, 1), numbers<float>({3, 3, 2}, 1)), tl::ShapeError);
}
