// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/nn/activations.hpp>
#include <torchlite/nn/linear.hpp>
#include <torchlite/nn/sequential.hpp>
#include <torchlite/ops/linalg/linear_gelu.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/reduce/allclose.hpp>

#include <cmath>
#include <vector>

using namespace torchlite;

namespace {
double gelu_of(double x) { return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x))); }

template <class T = double>
Tensor<T> numbers(const Shape& sizes, int seed) {
  std::vector<T> v(static_cast<std::size_t>(sizes.numel()));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<T>(std::sin(static_cast<double>(seed + 1) * (static_cast<double>(i) + 1)));
  return Tensor<T>::from(v, sizes);
}
}  // namespace

TEMPLATE_TEST_CASE("a product applies gelu on its way out and keeps what it was applied to", "[backend][gemm]", float, double,
                   torchlite::half, bfloat16) {
  using T = TestType;
  const double bound = sizeof(T) == 2 ? 0.02 : 1e-6;
  for (const std::int64_t n : {1, 3, 8, 33, 100})
    for (const bool turned : {false, true}) {
      const std::int64_t m = 17, k = 5;
      const auto a = numbers<T>({m, k}, 1), b = numbers<T>({k, n}, 2), bias = numbers<T>({n}, 3);
      const auto c = empty<T>({m * n}), before = empty<T>({m * n});
      auto g = backend::GemmArguments<T>::dense(m, n, k, a.data(), b.data(), c.data());
      if (turned) g.c_row = 1, g.c_col = m;
      g.column_bias = bias.data();
      g.epilogue = backend::Epilogue::gelu;
      g.before_gelu = before.data();
      gemm(Cpu{}, g);
      for (std::int64_t i = 0; i < m; ++i)
        for (std::int64_t j = 0; j < n; ++j) {
          double x = static_cast<double>(bias.data()[j]);
          for (std::int64_t p = 0; p < k; ++p) x += static_cast<double>(a.data()[i * k + p]) * static_cast<double>(b.data()[p * n + j]);
          const std::int64_t at = turned ? j * m + i : i * n + j;
          REQUIRE(std::abs(static_cast<double>(before.data()[at]) - x) <= bound * (1 + std::abs(x)));
          REQUIRE(std::abs(static_cast<double>(c.data()[at]) - gelu_of(x)) <= bound * (1 + std::abs(x)));
        }
      g.before_gelu = nullptr;
      const auto again = empty<T>({m * n});
      g.c = again.data();
      gemm(Cpu{}, g);
      REQUIRE(equal(again, c));
    }
}

TEST_CASE("linear and gelu as one operation have the values and gradients of the two", "[ops][linalg]") {
  for (const bool with_bias : {true, false}) {
    const auto x = numbers({6, 4}, 1).requires_grad_(), w = numbers({5, 4}, 2).requires_grad_();
    const auto b = with_bias ? numbers({5}, 3).requires_grad_() : Tensor<double>();
    const auto both = [&](auto f) {
      for (const auto& t : {x, w, b})
        if (t.defined()) t.zero_grad();
      const Tensor<double> y = f();
      sum(y * numbers({6, 5}, 4)).backward();
      return std::vector<Tensor<double>>{y, x.grad().clone(), w.grad().clone(), with_bias ? b.grad().clone() : y};
    };
    const auto expected = both([&] { return Tensor<double>(gelu_tanh(linear(x, w, b))); });
    const auto got = both([&] { return ops::fused_linear_gelu(x, w, b, Site{}); });
    for (std::size_t i = 0; i < got.size(); ++i) CHECK(allclose(got[i], expected[i], 1e-12, 1e-12));
    {
      const NoGradGuard no_grad;
      CHECK(allclose(ops::fused_linear_gelu(x, w, b, Site{}), expected[0], 1e-12, 1e-12));
    }
    const auto second = [&](auto f) {
      const auto [dx] = autograd::grad({Tensor<double>(sum(f()))}, {x}, {.create_graph = true});
      return std::get<0>(autograd::grad({Tensor<double>(sum(square(dx)))}, {w}));
    };
    CHECK(allclose(second([&] { return ops::fused_linear_gelu(x, w, b, Site{}); }),
                   second([&] { return Tensor<double>(gelu_tanh(linear(x, w, b))); }), 1e-10, 1e-10));
  }
}

TEST_CASE("Sequential takes Linear and GELUTanh together, anywhere in it, and no other pair", "[nn]") {
  const auto x = numbers<float>({3, 4}, 1);
  nn::Sequential net(nn::GELUTanh(), nn::Linear<float>(4, 5), nn::GELUTanh(), nn::Linear<float>(5, 2), nn::GELU(), nn::Linear<float>(2, 2),
                     nn::GELUTanh());
  Tensor<float> y = gelu_tanh(net.get<1>()(Tensor<float>(gelu_tanh(x))));
  y = gelu(net.get<3>()(y));
  y = gelu_tanh(net.get<5>()(y));
  CHECK(allclose(net(x), y, 1e-6, 1e-6));
}
