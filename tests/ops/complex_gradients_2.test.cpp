// SPDX-License-Identifier: BSD-3-Clause
#include <ops/complex_gradients.hpp>

#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/cos.hpp>
#include <torchlite/ops/pointwise/cosh.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/exp2.hpp>
#include <torchlite/ops/pointwise/expm1.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/log10.hpp>
#include <torchlite/ops/pointwise/log1p.hpp>
#include <torchlite/ops/pointwise/log2.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/rsqrt.hpp>
#include <torchlite/ops/pointwise/sigmoid.hpp>
#include <torchlite/ops/pointwise/sin.hpp>
#include <torchlite/ops/pointwise/sinh.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/tan.hpp>
#include <torchlite/ops/pointwise/tanh.hpp>
#include <torchlite/ops/pointwise/to.hpp>

using complex_gradients::check;
namespace tl = torchlite;

TEST_CASE("elementary functions of complex numbers have gradients") {
  check("tl::exp(x) * y", [](const auto& x, const auto& y) { return tl::exp(x) * y; });
  check("tl::log(x) + tl::sqrt(y)", [](const auto& x, const auto& y) { return tl::log(x) + tl::sqrt(y); });
  check("tl::sin(x) * tl::cos(y)", [](const auto& x, const auto& y) { return tl::sin(x) * tl::cos(y); });
  check("tl::tan(x) + tl::tanh(y)", [](const auto& x, const auto& y) { return tl::tan(x) + tl::tanh(y); });
  check("tl::sinh(x) * tl::cosh(y)", [](const auto& x, const auto& y) { return tl::sinh(x) * tl::cosh(y); });
  check("tl::sigmoid(x) + tl::rsqrt(y)", [](const auto& x, const auto& y) { return tl::sigmoid(x) + tl::rsqrt(y); });
  check("tl::log1p(x) + tl::expm1(y)", [](const auto& x, const auto& y) { return tl::log1p(x) + tl::expm1(y); });
  check("tl::log2(x) + tl::log10(y) + tl::exp2(y)", [](const auto& x, const auto& y) { return tl::log2(x) + tl::log10(y) + tl::exp2(y); });
}
