// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <cmath>

#include "reference.hpp"

namespace tl = torchlite;
using reference::Layout, reference::laid_out, reference::numbers, reference::values;

TEST_CASE("half and bfloat16 are computed in float and rounded once at the end", "[expr][dtypes]") {
  const auto check = [](auto tag) {
    using T = decltype(tag);
    const std::int64_t n = 1000;
    const tl::Tensor<T> a = numbers<T>({n}, 1).requires_grad_(), b = numbers<T>({n}, 2).requires_grad_(), g = numbers<T>({n}, 3);
    const tl::Tensor<T> y = tl::exp(a) * b + a;
    y.backward(g);
    bool right = true;
    for (std::int64_t i = 0; i < n; ++i) {
      const double x = static_cast<float>(a.data()[i]), w = static_cast<float>(b.data()[i]), v = static_cast<float>(g.data()[i]);
      const double unit = std::is_same_v<T, tl::half> ? 1.0 / 2048 : 1.0 / 256;
      const auto near = [&](T got, double want) {
        return std::abs(static_cast<double>(static_cast<float>(got)) - want) <= unit * (std::abs(want) + 1e-3);
      };
      right = right && near(y.data()[i], std::exp(x) * w + x) && near(b.grad().data()[i], v * std::exp(x));
      // The two uses of a are added up in its own dtype.
      const double got = static_cast<float>(a.grad().data()[i]);
      right = right && std::abs(got - v * (std::exp(x) * w + 1)) <= 2 * unit * std::abs(v) * (std::abs(std::exp(x) * w) + 1);
    }
    CHECK(right);
  };
  check(tl::half{});
  check(tl::bfloat16{});
}

TEST_CASE("gradients of half leaves that are broadcast are summed in float", "[expr][dtypes]") {
  const std::int64_t n = 5000;
  const tl::Tensor<tl::half> a = laid_out<tl::half>({n}, Layout::row_major, 1, 0.5, 1.5),
                             s = laid_out<tl::half>({1}, Layout::row_major, 2).requires_grad_();
  const tl::Tensor<tl::half> y = a * s, g = laid_out<tl::half>({n}, Layout::row_major, 3, 0.5, 1.0);
  y.backward(g);
  double want = 0;
  for (std::int64_t i = 0; i < n; ++i)
    want += static_cast<double>(static_cast<float>(a.data()[i])) * static_cast<double>(static_cast<float>(g.data()[i]));
  CHECK(static_cast<double>(static_cast<float>(s.grad().item())) == Approx(want).epsilon(1e-3));  // a sum in half would stop near 2048
}

TEST_CASE("mixed dtypes are converted in the same pass, and each leaf gets a gradient of its own dtype", "[expr][dtypes]") {
  const tl::Tensor<double> d = numbers<double>({50}, 1).requires_grad_();
  const tl::Tensor<float> f = numbers<float>({50}, 2).requires_grad_();
  const tl::Tensor<std::int32_t> i = laid_out<std::int32_t>({50}, Layout::row_major, 3, -9, 9);
  const tl::Tensor<bool> b = laid_out<bool>({50}, Layout::row_major, 4, 0, 2);
  const tl::Tensor<double> y = d * f + i * f + b;
  const tl::Tensor<double> g = numbers<double>({50}, 5);
  y.backward(g);
  for (int k = 0; k < 50; ++k) {
    CHECK(y.data()[k] ==
          Approx(d.data()[k] * double(f.data()[k]) + i.data()[k] * double(f.data()[k]) + (b.data()[k] ? 1 : 0)).epsilon(1e-6));
    CHECK(d.grad().data()[k] == Approx(g.data()[k] * double(f.data()[k])));
    CHECK(double(f.grad().data()[k]) == Approx(g.data()[k] * (d.data()[k] + i.data()[k])).epsilon(1e-6).margin(1e-6));
  }
}

TEST_CASE("integer arithmetic wraps and divides as PyTorch's does", "[expr][dtypes]") {
  using U8 = tl::Tensor<std::uint8_t>;
  using I64 = tl::Tensor<std::int64_t>;
  const U8 sum = U8::from({200, 255, 1}) + U8::from({100, 1, 2});
  CHECK(sum.to_vector() == std::vector<std::uint8_t>{44, 0, 3});
  const I64 remainder = I64::from({7, -7, 7, -7}) % I64::from({3, 3, -3, -3});  // the sign of the divisor
  CHECK(remainder.to_vector() == std::vector<std::int64_t>{1, 2, -2, -1});
  const tl::Tensor<float> quotient = I64::from({7, -7}) / I64::from({2, 2});
  CHECK(quotient.to_vector() == std::vector<float>{3.5f, -3.5f});
  const I64 nothing = I64::from({7, 0}) % I64::from({0, 5});  // no value is right; the program must live
  CHECK(nothing.data()[1] == 0);
  const std::int64_t large = (std::int64_t{1} << 53) + 1;  // not representable in double
  const I64 kept = I64::from({large}) + 1;
  CHECK(kept.item() == large + 1);
}

TEST_CASE("comparisons and logic give bool, whatever they compare", "[expr][dtypes]") {
  using I8 = tl::Tensor<std::int8_t>;
  using Bool = tl::Tensor<bool>;
  const I8 a = I8::from({-1, 0, 1, 2}), b = I8::from({0, 0, 2, 1});
  CHECK(Bool(a < b).to_vector() == std::vector<bool>{true, false, true, false});
  CHECK(Bool(a == b).to_vector() == std::vector<bool>{false, true, false, false});
  CHECK(Bool(a >= 1).to_vector() == std::vector<bool>{false, false, true, true});
  CHECK(Bool(a && b).to_vector() == std::vector<bool>{false, false, true, true});
  CHECK(Bool(!a || (b == 0)).to_vector() == std::vector<bool>{true, true, false, false});
  const tl::Tensor<float> chosen = tl::where(a > b, tl::Tensor<float>::from({1, 2, 3, 4}), 0.5f);
  CHECK(chosen.to_vector() == std::vector<float>{0.5f, 0.5f, 0.5f, 4});
  const I8 many = laid_out<std::int8_t>({1000}, Layout::every_second, 1, -3, 3),
           other = laid_out<std::int8_t>({1000}, Layout::row_major, 2, -3, 3);
  const Bool less = many < other;
  std::vector<double> want;
  for (int i = 0; i < 1000; ++i) want.push_back(values(many)[std::size_t(i)] < values(other)[std::size_t(i)] ? 1 : 0);
  CHECK(values(less) == want);
}

TEST_CASE("casts go to every dtype and back", "[expr][dtypes]") {
  const tl::Tensor<double> x = tl::Tensor<double>::from({-2.75, -1, 0, 0.5, 1, 100.25});
  CHECK(tl::Tensor<std::int32_t>(tl::to<std::int32_t>(x)).to_vector() == std::vector<std::int32_t>{-2, -1, 0, 0, 1, 100});
  CHECK(tl::Tensor<bool>(tl::to<bool>(x)).to_vector() == std::vector<bool>{true, true, false, true, true, true});
  CHECK(values(tl::Tensor<tl::half>(tl::to<tl::half>(x))) == x.to_vector());
  CHECK(values(tl::Tensor<tl::bfloat16>(tl::to<tl::bfloat16>(x * 2.0))) == std::vector<double>{-5.5, -2, 0, 1, 2, 200});
  const tl::Tensor<double> leaf = numbers<double>({3}, 1).requires_grad_();
  const tl::Tensor<float> y = tl::to<float>(leaf * 2.0) * 3.0f;
  y.backward(tl::Tensor<float>::from({1, 1, 1}));
  CHECK(leaf.grad().to_vector() == std::vector<double>{6, 6, 6});
}
