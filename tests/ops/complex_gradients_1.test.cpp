// SPDX-License-Identifier: BSD-3-Clause
#include <ops/complex_gradients.hpp>

#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/reciprocal.hpp>
#include <torchlite/ops/pointwise/sgn.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/shape/view_as_real.hpp>

using complex_gradients::check;
namespace tl = torchlite;

TEST_CASE("arithmetic of complex numbers has PyTorch's gradients") {
  check("x * y", [](const auto& x, const auto& y) { return x * y; });
  check("x / y + y", [](const auto& x, const auto& y) { return x / y + y; });
  check("-x + y * 2.0", [](const auto& x, const auto& y) { return -x + y * 2.0; });
  check("x * std::complex<double>(1, -2) - y", [](const auto& x, const auto& y) { return x * std::complex<double>(1, -2) - y; });
  check("tl::pow(x, y)", [](const auto& x, const auto& y) { return tl::pow(x, y); });
  check("tl::square(x) + tl::reciprocal(y)", [](const auto& x, const auto& y) { return tl::square(x) + tl::reciprocal(y); });
}

TEST_CASE("functions that are not holomorphic have gradients") {
  check("tl::abs(x) * y", [](const auto& x, const auto& y) { return tl::abs(x) * y; });
  check("tl::angle(x) * tl::abs(y)", [](const auto& x, const auto& y) { return tl::angle(x) * tl::abs(y); });
  check("tl::conj(x) * y", [](const auto& x, const auto& y) { return tl::conj(x) * y; });
  check("tl::sgn(x) + y", [](const auto& x, const auto& y) { return tl::sgn(x) + y; });
  check("tl::real(x) * tl::imag(y)", [](const auto& x, const auto& y) { return tl::real(x) * tl::imag(y); });
  check("tl::complex(tl::abs(x), tl::angle(y))", [](const auto& x, const auto& y) { return tl::complex(tl::abs(x), tl::angle(y)); });
  check("tl::polar(tl::abs(x), tl::angle(y))", [](const auto& x, const auto& y) { return tl::polar(tl::abs(x), tl::angle(y)); });
  check("tl::where(tl::eq(x, 0), x, y)", [](const auto& x, const auto& y) { return tl::where(tl::eq(x, 0), x, y); });
}
