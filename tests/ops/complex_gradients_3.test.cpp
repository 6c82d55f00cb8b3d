// SPDX-License-Identifier: BSD-3-Clause
#include <ops/complex_gradients.hpp>

#include <torchlite/ops/linalg/inner.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/allclose.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/reduce/prod.hpp>
#include <torchlite/ops/reduce/std.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/scan/trapezoid.hpp>
#include <torchlite/ops/shape/matrix_transpose.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/ops/shape/view_as_real.hpp>

using complex_gradients::check;
namespace tl = torchlite;

TEST_CASE("reductions and scans of complex numbers have gradients") {
  check("tl::sum(x * y)", [](const auto& x, const auto& y) { return tl::sum(x * y); });
  check("tl::norm(x) * tl::mean(y)", [](const auto& x, const auto& y) { return tl::norm(x) * tl::mean(y); });
  check("tl::prod(x) * y", [](const auto& x, const auto& y) { return tl::prod(x) * y; });
  check("tl::cumsum(x * y, 0)", [](const auto& x, const auto& y) { return tl::cumsum(x * y, 0); });
  check("tl::var(x) * y", [](const auto& x, const auto& y) { return tl::var(x) * y; });
  check("tl::std(x, 0) * y", [](const auto& x, const auto& y) { return tl::std(x, 0) * y; });
  check("tl::trapezoid(x * y, 0.5)", [](const auto& x, const auto& y) { return tl::trapezoid(x * y, 0.5); });
  check("tl::cumprod(x, 0) + y", [](const auto& x, const auto& y) { return tl::cumprod(x, 0) + y; });
}

TEST_CASE("products of complex matrices have gradients") {
  check("tl::matmul(tl::view(x, {3, 1}), tl::view(y, {1, 3}))", [](const auto& x, const auto& y) {
    return tl::matmul(tl::view(x, {3, 1}), tl::view(y, {1, 3}));
  });
  check("tl::dot(x, y)", [](const auto& x, const auto& y) { return tl::dot(x, y); });
  check("tl::vdot(x, y)", [](const auto& x, const auto& y) { return tl::vdot(x, y); });
  check("tl::mH(tl::view(x, {3, 1})) * y", [](const auto& x, const auto& y) { return tl::mH(tl::view(x, {3, 1})) * y; });
}

TEST_CASE("views and casts of complex numbers have gradients") {
  check("tl::view_as_complex(tl::view_as_real(x)) * y",
        [](const auto& x, const auto& y) { return tl::view_as_complex(tl::view_as_real(x)) * y; });
  check("tl::to<std::complex<double>>(tl::to<double>(x)) * y",
        [](const auto& x, const auto& y) { return tl::to<std::complex<double>>(tl::to<double>(x)) * y; });
}

TEST_CASE("complex numbers are close if their difference is small") {
  using C = std::complex<double>;
  const auto a = tl::Tensor<C>::from(std::vector<C>{{1, 1}, {2, 0}}, {2}),
             b = tl::Tensor<C>::from(std::vector<C>{{1, 1 + 1e-9}, {2, 1e-3}}, {2});
  CHECK(tl::isclose(a, b).eval().to_vector() == std::vector<bool>{true, false});
  CHECK(tl::allclose(a, b, 0, 2e-3));
}
