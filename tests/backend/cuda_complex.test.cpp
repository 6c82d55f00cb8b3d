// SPDX-License-Identifier: BSD-3-Clause
// The complex numbers of devices against the C++ library's, and kernels of formulas of them, played on the host.
#include <support/catch.hpp>

#include <torchlite/backend/cuda/map_element.hpp>
#include <torchlite/backend/cuda/on_device.hpp>
#include <torchlite/backend/cuda/reduce_element.hpp>
#include <torchlite/core/math.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/mul.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;
template <class R>
using Number = math::DeviceComplex<R>;

/// How far two numbers are apart, relative to the second.
template <class R>
double apart(Number<R> got, std::complex<R> want) {
  const std::complex<double> a(got.real(), got.imag()), b(want.real(), want.imag());
  return std::abs(a - b) / (std::abs(b) + 1e-300);
}
template <class R>
std::vector<std::complex<R>> plane() {
  std::vector<std::complex<R>> out;
  for (const double size : {0.01, 0.3, 1.0, 1.7, 6.0})
    for (int k = 0; k < 16; ++k)
      out.emplace_back(static_cast<R>(size * std::cos(0.4 * k + 0.1)), static_cast<R>(size * std::sin(0.4 * k + 0.1)));
  return out;
}
}  // namespace

TEMPLATE_TEST_CASE("functions of complex numbers on devices are the C++ library's", "[core][math][cuda]", float, double) {
  using R = TestType;
  const double tolerance = 50.0 * static_cast<double>(std::numeric_limits<R>::epsilon());
  const auto check = [&](const char* name, auto own, auto library) {
    for (const std::complex<R> z : plane<R>()) {
      INFO(name << " of " << z);
      CHECK(apart<R>(own(Number<R>(z)), library(z)) <= tolerance);
    }
  };
#define SAME(f) \
  check(        \
      #f, [](Number<R> x) { return math::f(x); }, [](std::complex<R> z) { return std::f(z); })
  SAME(exp), SAME(log), SAME(log10), SAME(sqrt), SAME(sin), SAME(cos), SAME(tan), SAME(sinh), SAME(cosh), SAME(tanh);
  SAME(asin), SAME(acos), SAME(atan), SAME(asinh), SAME(acosh), SAME(atanh);
#undef SAME
#define OURS(f) \
  check(        \
      #f, [](Number<R> x) { return math::f(x); }, [](std::complex<R> z) { return math::f(z); })
  OURS(conj), OURS(sgn), OURS(modulus), OURS(times_i), OURS(rsqrt), OURS(exp2), OURS(log2), OURS(expm1), OURS(log1p), OURS(sigmoid);
#undef OURS
  for (const std::complex<R> z : plane<R>())
    for (const std::complex<R> w : {std::complex<R>(2, 0), std::complex<R>(0.5, -1), std::complex<R>(-1.5, 0.25)}) {
      INFO(z << " and " << w);
      CHECK(apart<R>(Number<R>(z) * Number<R>(w), z * w) <= tolerance);
      CHECK(apart<R>(Number<R>(z) / Number<R>(w), z / w) <= tolerance);
      CHECK(apart<R>(Number<R>(w) / Number<R>(z), w / z) <= tolerance);
      CHECK(apart<R>(math::pow(Number<R>(z), Number<R>(w)), std::pow(z, w)) <= 4 * tolerance);
      CHECK(std::abs(math::angle(Number<R>(z)) - std::arg(z)) <= tolerance);
      CHECK(math::abs(Number<R>(z)) == math::abs(z));
    }
}

TEST_CASE("on the cuts of complex functions the sign of zero decides on devices, too", "[core][math][cuda]") {
  using C = std::complex<double>;
  using N = Number<double>;
  for (const double zero : {0.0, -0.0})
    for (const double re : {-2.5, -0.5, 0.5, 2.5}) {
      const C on_real(re, zero), on_imaginary(zero, re);
      INFO(on_real);
      CHECK(apart(math::sqrt(N(on_real)), std::sqrt(on_real)) <= 1e-15);
      CHECK(apart(math::log(N(on_real)), std::log(on_real)) <= 1e-15);
      CHECK(apart(math::asin(N(on_real)), std::asin(on_real)) <= 1e-14);
      CHECK(apart(math::acos(N(on_real)), std::acos(on_real)) <= 1e-14);
      CHECK(apart(math::acosh(N(on_real)), std::acosh(on_real)) <= 1e-14);
      CHECK(apart(math::atanh(N(on_real)), std::atanh(on_real)) <= 1e-14);
      CHECK(apart(math::asinh(N(on_imaginary)), std::asinh(on_imaginary)) <= 1e-14);
      CHECK(apart(math::atan(N(on_imaginary)), std::atan(on_imaginary)) <= 1e-14);
    }
  CHECK(math::pow(N(0), N(0)) == N(1));
  CHECK(math::pow(N(0), N(2, 1)) == N(0));
  CHECK(apart(math::tanh(N(500, 1)), C(1, 0)) <= 1e-15);
  CHECK(N(1e200, 1e200) / N(2e200, 2e200) == N(0.5));
}

TEMPLATE_TEST_CASE("kernels compute formulas of complex numbers, and their gradients", "[backend][cuda]", float, double) {
  using R = TestType;
  using C = std::complex<R>;
  // exp(x * conj(y)) / z, complex, and |x * conj(y)|, real.
  using Product = Apply<pointwise::Mul, C, C, Leaf<0, C>, Apply<pointwise::Conj, C, C, Leaf<1, C>>>;
  using F = Apply<pointwise::Div, C, C, Apply<pointwise::Exp, C, C, Product>, Leaf<2, C>>;
  using Size = Apply<pointwise::Abs, R, C, Product>;
  using OnDevice = cuda::on_device_t<F>;
  STATIC_REQUIRE_FALSE(cuda::runs_as_written<F>);
  STATIC_REQUIRE(cuda::runs_as_written<OnDevice>);
  STATIC_REQUIRE(cuda::runs_as_written<Apply<pointwise::Mul, R, R, Leaf<0, R>, Leaf<1, R>>>);
  const double tolerance = 100.0 * static_cast<double>(std::numeric_limits<R>::epsilon());
  constexpr int width = cuda::packet_width<OnDevice, Number<R>>();
  CHECK(width == (sizeof(R) == 4 ? 2 : 1));
  const std::int64_t n = 5;
  using N = Number<R>;
  C x[5], y[5], z[5], g[5];
  alignas(16) N dx[5], dy[5], dz[5], dg[5], out[5], gx[5], gy[5], gz[5];  // what the kernel sees, in its own type
  R size[5];
  for (int i = 0; i < 5; ++i)
    x[i] = C(R(0.3) * static_cast<R>(i), R(-0.2)), y[i] = C(R(0.5), R(0.1) * static_cast<R>(i)), z[i] = C(R(2), R(i));
  cuda::DenseMap<OnDevice> map{};
  for (int i = 0; i < 5; ++i) dx[i] = x[i], dy[i] = y[i], dz[i] = z[i];
  map.in.leaves[0] = dx, map.in.leaves[1] = dy, map.in.leaves[2] = dz;
  map.out = out, map.n = n, map.aligned = true;
  for (std::int64_t p = 0; p < cuda::packet_count<width>(n); ++p) cuda::dense_map_packet<OnDevice, Number<R>, width>(map, p);
  cuda::DenseMap<cuda::on_device_t<Size>> sizes{};
  sizes.in.leaves[0] = dx, sizes.in.leaves[1] = dy;
  sizes.out = size, sizes.n = n;
  for (std::int64_t p = 0; p < cuda::packet_count<1>(n); ++p) cuda::dense_map_packet<cuda::on_device_t<Size>, R, 1>(sizes, p);
  for (int i = 0; i < 5; ++i) {
    CHECK(apart<R>(out[i], std::exp(x[i] * std::conj(y[i])) / z[i]) <= tolerance);
    CHECK(std::abs(size[i] - std::abs(x[i] * y[i])) <= tolerance);
  }

  for (int i = 0; i < 5; ++i) g[i] = C(R(1), R(0.5) * static_cast<R>(i)), dg[i] = g[i], gy[i] = N(1, 1);
  map.out = dg, map.aligned = false;
  cuda::GradientTargets<OnDevice> targets;
  targets.of[0] = {gx, false, false}, targets.of[1] = {gy, true, false}, targets.of[2] = {gz, false, false};
  for (std::int64_t p = 0; p < cuda::packet_count<width>(n); ++p) cuda::dense_backward_packet<OnDevice, Number<R>, width>(map, targets, p);
  for (int i = 0; i < 5; ++i) {
    // Holomorphic in x and z; of y it is the conjugate that counts.
    const C e = std::exp(x[i] * std::conj(y[i]));
    CHECK(apart<R>(gx[i], g[i] * std::conj(e * std::conj(y[i]) / z[i])) <= tolerance);
    CHECK(apart<R>(gy[i], C(1, 1) + std::conj(g[i]) * e * x[i] / z[i]) <= tolerance);
    CHECK(apart<R>(gz[i], g[i] * std::conj(-e / (z[i] * z[i]))) <= tolerance);
  }
}

TEST_CASE("sums of complex numbers are carried in double on devices", "[backend][cuda]") {
  using C = std::complex<float>;
  using N = Number<float>;
  STATIC_REQUIRE(std::is_same_v<cuda::on_device_t<SumReducer<C>>, SumReducer<N>>);
  STATIC_REQUIRE(std::is_same_v<SumReducer<N>::State, Number<double>>);
  using Reducer = SumReducer<N>;
  Reducer::State s = Reducer::identity();
  for (int i = 0; i < 10; ++i) s = Reducer::combine(s, Reducer::lift(N(1e-9f, 1.0f), i));
  s = Reducer::combine(s, Reducer::lift(N(1.0f, 0.0f), 10));
  CHECK(std::abs(s.real() - 1.00000001) < 1e-12);
  const auto mean = cuda::finished<N>(s, 10);
  CHECK(mean == N(0.1f, 1.0f));
  STATIC_REQUIRE(sizeof(N) == sizeof(C));
  STATIC_REQUIRE(alignof(N) == alignof(C));
}
