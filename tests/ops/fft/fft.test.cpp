// SPDX-License-Identifier: BSD-3-Clause
// Fourier transforms against their definition, for lengths of every kind.
#include <support/catch.hpp>

#include <torchlite/ops/fft/fft.hpp>
#include <torchlite/ops/fft/frequencies.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/tensor/format.hpp>

#include <cmath>

namespace {

namespace tl = torchlite;

/// The definition, in long double: sum over j of x_j e^(-+ 2 pi i jk / n).
template <class R>
std::vector<std::complex<long double>> definition(const std::vector<std::complex<R>>& x, bool forward) {
  const std::size_t n = x.size();
  std::vector<std::complex<long double>> roots(n), y(n);
  const long double step = (forward ? -2 : 2) * 3.14159265358979323846264338327950288L / static_cast<long double>(n);
  for (std::size_t k = 0; k < n; ++k)
    roots[k] = {std::cos(step * static_cast<long double>(k)), std::sin(step * static_cast<long double>(k))};
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = 0; j < n; ++j) y[k] += std::complex<long double>(x[j]) * roots[j * k % n];
  return y;
}

/// The root mean square of the errors relative to that of the numbers.
template <class R, class Wide>
double error(const std::vector<std::complex<R>>& got, const std::vector<Wide>& want) {
  double apart = 0, size = 0;
  for (std::size_t i = 0; i < want.size(); ++i) {
    apart += static_cast<double>(std::norm(Wide(got[i]) - want[i]));
    size += static_cast<double>(std::norm(want[i]));
  }
  return std::sqrt(apart / size);
}

template <class R>
double worst_error(std::int64_t n) {
  using C = std::complex<R>;
  const tl::Tensor<C> x = tl::randn<C>({n});
  const std::vector<C> values = x.to_vector();
  double worst = error(tl::fft::fft(x).to_vector(), definition(values, true));
  const std::vector<std::complex<long double>> inverse = definition(values, false);
  worst = std::max(worst, error(tl::fft::ifft(x, {}, -1, "forward").to_vector(), inverse));

  const tl::Tensor<R> real = tl::randn<R>({n});
  std::vector<C> from;
  for (const R v : real.to_vector()) from.emplace_back(v);
  std::vector<std::complex<long double>> half = definition(from, true);
  half.resize(static_cast<std::size_t>(n / 2 + 1));
  const tl::Tensor<C> transformed = tl::fft::rfft(real);
  worst = std::max(worst, error(transformed.to_vector(), half));
  std::vector<C> back;
  for (const R v : tl::fft::irfft(transformed, n).to_vector()) back.emplace_back(v);
  return std::max(worst, error(back, from));
}

}  // namespace

TEST_CASE("transforms of every kind of length equal their definition") {
  tl::manual_seed(1);
  for (const std::int64_t n : {1,  2,  3,  4,  5,  6,  7,  8,   9,   10,  11,  12,  13,  15,  16,  21,  25,
                               27, 47, 49, 53, 64, 77, 97, 100, 106, 121, 128, 211, 360, 509, 720, 1024}) {
    CAPTURE(n);
    const double growth = 1 + std::log2(static_cast<double>(n));
    CHECK(worst_error<double>(n) < 2e-16 * growth);
    CHECK(worst_error<float>(n) < 1e-7 * growth);
  }
}

TEST_CASE("long transforms come back, and keep the sum of squares") {
  tl::manual_seed(2);
  for (const std::int64_t n : {1 << 17, 100000, 100003}) {  // the last one is a prime
    CAPTURE(n);
    const auto x = tl::randn<std::complex<double>>({n});
    const auto y = tl::fft::fft(x, {}, -1, "ortho");
    const std::vector<std::complex<double>> from = x.to_vector(), to = y.to_vector();
    CHECK(error(tl::fft::ifft(y, {}, -1, "ortho").to_vector(), from) < 1e-14);
    long double before = 0, after = 0;
    for (std::size_t i = 0; i < from.size(); ++i) before += std::norm(from[i]), after += std::norm(to[i]);
    CHECK(std::fabs(static_cast<double>(after / before - 1)) < 1e-14);
  }
}

TEST_CASE("lines of any dimension and layout are transformed alike") {
  tl::manual_seed(3);
  using C = std::complex<double>;
  const auto x = tl::randn<C>({5, 12, 7});
  const auto turned = tl::transpose(x, 0, 1);
  for (const int dim : {0, 1, 2}) {
    CAPTURE(dim);
    const auto straight = tl::fft::fft(x, {}, dim), permuted = tl::transpose(tl::fft::fft(turned, {}, dim == 2 ? 2 : 1 - dim), 0, 1);
    CHECK(tl::fft::fft(x, {}, dim).to_vector() == tl::fft::fft(x, {}, dim - 3).to_vector());
    CHECK(error(permuted.to_vector(), straight.to_vector()) < 1e-15);
  }
  const auto all = tl::fft::fftn(x), one_by_one = tl::fft::fft(tl::fft::fft(tl::fft::fft(x, {}, 0), {}, 1), {}, 2);
  CHECK(error(all.to_vector(), one_by_one.to_vector()) < 1e-15);
  CHECK(tl::fft::fft2(x).to_vector() == tl::fft::fftn(x, {}, tl::Shape{-2, -1}).to_vector());
  CHECK(tl::fft::fft(tl::zeros<C>({0, 4})).sizes() == tl::Shape{0, 4});
}

TEST_CASE("real numbers that stand beside a NaN are not touched by it") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto y = tl::fft::rfft(tl::Tensor<double>({2, 4}, {1, 2, 3, 4, nan, 0, 0, 0})).to_vector();
  CHECK(y[0] == std::complex<double>(10, 0));
  CHECK(y[1] == std::complex<double>(-2, 2));
  CHECK(std::isnan(y[3].real()));
}

TEST_CASE("integers are transformed as float") {
  const auto y = tl::fft::fft(tl::Tensor<std::int64_t>({2}, {1, 2}));
  CHECK(tl::to_string(y) == "tensor([ 3.+0.j, -1.+0.j])");
}

TEST_CASE("frequencies are those of NumPy and PyTorch") {
  CHECK(tl::fft::fftfreq<double>(4, 0.5).to_vector() == std::vector<double>{0, 0.5, -1, -0.5});
  CHECK(tl::fft::fftfreq<double>(5, 0.2).to_vector() == std::vector<double>{0, 1, 2, -2, -1});
  CHECK(tl::fft::rfftfreq<double>(5, 0.2).to_vector() == std::vector<double>{0, 1, 2});
  CHECK(tl::fft::fftshift(tl::fft::fftfreq<double>(5, 0.2)).to_vector() == std::vector<double>{-2, -1, 0, 1, 2});
  CHECK(tl::fft::ifftshift(tl::Tensor<double>({5}, {-2, -1, 0, 1, 2})).to_vector() == std::vector<double>{0, 1, 2, -2, -1});
}

TEST_CASE("arguments that fit no transform are refused") {
  const auto x = tl::ones<double>({2, 3});
  CHECK_THROWS_AS(tl::fft::fft(x, 0), tl::ShapeError);
  CHECK_THROWS_AS(tl::fft::fft(x, {}, 2), tl::IndexError);
  CHECK_THROWS_AS(tl::fft::fft(x, {}, -1, "unitary"), tl::Error);
  CHECK_THROWS_AS(tl::fft::irfft(tl::ones<double>({1})), tl::ShapeError);
  CHECK_THROWS_AS(tl::fft::fftn(x, {}, tl::Shape{0, -2}), tl::ShapeError);
  CHECK_THROWS_AS(tl::fft::fftn(x, tl::Shape{2}, tl::Shape{0, 1}), tl::ShapeError);
  CHECK_THROWS_AS(tl::fft::fftn(x, tl::Shape{1, 2, 3}), tl::ShapeError);
  CHECK_THROWS_AS(tl::fft::fft(tl::ones<double>({})), tl::IndexError);
}
