// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/fft/stft.hpp>
#include <torchlite/ops/random/rand.hpp>

using namespace samples;

TEST_CASE("a signal comes back from its short-time transform") {
  tl::manual_seed(3);
  const Real x = tl::randn<double>({2, 50}), window = tl::rand<double>({12}) + 0.5;
  for (const bool normalized : {false, true})
    for (const bool onesided : {false, true})
      for (const std::int64_t hop : {3, 5}) {
        CAPTURE(normalized, onesided, hop);
        const Complex y = tl::stft(x, 16, window, {.hop_length = hop, .win_length = 12, .normalized = normalized, .onesided = onesided});
        const Real back =
            tl::istft(y, 16, window, {.hop_length = hop, .win_length = 12, .normalized = normalized, .onesided = onesided, .length = 50});
        CHECK(golden::difference(elements(back), elements(x)) < 1e-12);
      }
  const Complex z = tl::randn<std::complex<double>>({40});
  const Real ones = tl::ones<double>({8});
  const Complex back = tl::istft_complex(tl::stft(z, 8, ones), 8, ones, {.length = 40});
  CHECK(golden::difference(elements(back), elements(z)) < 1e-13);
}

TEST_CASE("a signal may be longer than its windows, and must not have gaps") {
  const Real x = tl::ones<double>({16});
  const Complex y = tl::stft(x, 8);
  CHECK(tl::istft(y, 8).sizes() == tl::Shape{16});
  CHECK(tl::istft(y, 8, {.length = 30}).sizes() == tl::Shape{30});
  CHECK_THROWS_AS(tl::istft(tl::stft(x, 4, {.hop_length = 6}), 4, {.hop_length = 6}), tl::Error);
  CHECK_THROWS_AS(tl::istft(y, 11), tl::ShapeError);
  CHECK_THROWS_AS(tl::stft(x, 64, {.center = false}), tl::ShapeError);
  CHECK_THROWS_AS(tl::stft(x, 40), tl::ShapeError);
  CHECK_THROWS_AS(tl::stft(x, 8, tl::ones<double>({7})), tl::ShapeError);
  CHECK_THROWS_AS(tl::stft(x, 8, {.win_length = 9}), tl::Error);
}

TEST_CASE("paddings other than reflection are PyTorch's") {
  const Real x = Real::from(std::vector<double>{1, 2, 3, 4}, {4});
  const auto first = [&](tl::PadMode mode) {  // number 0 of the first window is its sum
    return tl::real(tl::stft(x, 4, {.hop_length = 1, .pad_mode = mode})).to_vector()[0];
  };
  CHECK(first(tl::PadMode::reflect) == 3 + 2 + 1 + 2);
  CHECK(first(tl::PadMode::constant) == 0 + 0 + 1 + 2);
  CHECK(first(tl::PadMode::replicate) == 1 + 1 + 1 + 2);
  CHECK(first(tl::PadMode::circular) == 3 + 4 + 1 + 2);
}

TEST_CASE("the inverse short-time transform has gradients of both orders") {
  tl::manual_seed(4);
  const Complex y = tl::randn<std::complex<double>>({5, 4}).requires_grad_();
  const Real window = (tl::rand<double>({8}) + 0.5).eval().requires_grad_();
  const auto f = [](const auto& a, const auto& w) { return tl::istft(a, 8, w); };
  CHECK(tl::gradcheck(f, y, window));
  CHECK(tl::gradgradcheck(f, y, window));
}
