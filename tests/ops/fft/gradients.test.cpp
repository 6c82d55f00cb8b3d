// SPDX-License-Identifier: BSD-3-Clause
// Gradients of transforms with respect to complex signals, of both orders, against differences of real and imaginary parts.
#include <support/catch.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/fft/fft.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace {
namespace tl = torchlite;
using Signal = tl::Tensor<std::complex<double>>;

/// f is linear, so its square is checked: that has second derivatives.
template <class F>
void check(const char* what, F f) {
  INFO(what);
  tl::manual_seed(6);
  const Signal x = tl::randn<std::complex<double>>({2, 4}).requires_grad_();
  const auto squared = [&](const Signal& z) {
    const auto y = f(z);
    return tl::eval(y * y);
  };
  try {
    CHECK(tl::gradcheck(squared, x));
    CHECK(tl::gradgradcheck(squared, x));
  } catch (const tl::Error& e) {
    FAIL_CHECK(e.what());
  }
}
}  // namespace

TEST_CASE("transforms of complex signals have gradients of both orders") {
  check("fft", [](const Signal& x) { return tl::fft::fft(x); });
  check("fft, cut", [](const Signal& x) { return tl::fft::fft(x, 3, -1, "ortho"); });
  check("ifft, filled up", [](const Signal& x) { return tl::fft::ifft(x, 3, 0); });
  check("fft2", [](const Signal& x) { return tl::fft::fft2(x, {}, tl::Shape{0, 1}, "forward"); });
}

TEST_CASE("transforms that give real numbers have gradients, where imaginary parts that do not count have none") {
  check("irfft of an even size", [](const Signal& x) { return tl::fft::irfft(x); });
  check("irfft of an odd size", [](const Signal& x) { return tl::fft::irfft(x, 7); });
  check("irfft, filled up", [](const Signal& x) { return tl::fft::irfft(x, 9); });
  check("hfft", [](const Signal& x) { return tl::fft::hfft(x, 6, 1, "ortho"); });
  check("irfft2", [](const Signal& x) { return tl::fft::irfft2(x); });
  check("hfftn", [](const Signal& x) { return tl::fft::hfftn(x, tl::Shape{3, 5}); });
  const Signal x = tl::ones<std::complex<double>>({3}).requires_grad_();
  tl::sum(tl::fft::irfft(x)).backward();
  CHECK(x.grad().to_vector() == std::vector<std::complex<double>>{1, 0, 0});
}
