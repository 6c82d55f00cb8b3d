// SPDX-License-Identifier: BSD-3-Clause
// Arithmetic with factors and weights on complex numbers, element by element.
#include <support/catch.hpp>
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/ops/pointwise/addcmul.hpp>
#include <torchlite/ops/pointwise/float_power.hpp>
#include <torchlite/ops/pointwise/lerp.hpp>
#include <torchlite/ops/pointwise/rsub.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace tl = torchlite;
using Number = std::complex<double>;
using Complex = tl::Tensor<Number>;

TEST_CASE("lerp, addcmul, addcdiv, rsub and float_power take complex numbers", "[ops][pointwise]") {
  const std::vector<Number> a{{1, 2}, {-0.5, 0.25}, {3, -1}}, b{{0.5, -1}, {2, 2}, {-1, 0.5}}, w{{0.25, 0}, {1, 1}, {0, -0.3}};
  const Complex x = Complex::from(a), y = Complex::from(b), z = Complex::from(w);
  const tl::NoGradGuard guard;
  const auto same = [&](const Complex& got, auto form) {
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(got.data()[i] - form(a[i], b[i], w[i])) < 1e-14);
  };
  same(tl::lerp(x, y, z), [](Number p, Number q, Number t) { return p + t * (q - p); });
  same(tl::addcmul(x, y, z, 2.5), [](Number p, Number q, Number t) { return p + 2.5 * q * t; });
  same(tl::addcdiv(x, y, z, 2.5), [](Number p, Number q, Number t) { return p + 2.5 * q / t; });
  same(tl::rsub(x, y, 2), [](Number p, Number q, Number) { return q - 2.0 * p; });
  same(tl::float_power(tl::to<std::complex<float>>(x), 2), [](Number p, Number, Number) { return p * p; });
}
