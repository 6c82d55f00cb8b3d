// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/signal/window_functions.hpp>

using namespace samples;
namespace windows = tl::signal::windows;

TEST_CASE("a periodic window is the symmetric one of one more sample without its last", "[ops][signal]") {
  const auto check = [](auto window) {
    auto longer = window(9, true).to_vector();
    longer.pop_back();
    CHECK(golden::difference(window(8, false).to_vector(), longer) < 1e-15);
  };
  check([](std::int64_t m, bool sym) { return windows::hann<double>(m, sym); });
  check([](std::int64_t m, bool sym) { return windows::kaiser<double>(m, 5, sym); });
  check([](std::int64_t m, bool sym) { return windows::nuttall<double>(m, sym); });
  check([](std::int64_t m, bool sym) { return windows::gaussian<double>(m, 2, sym); });
  check([](std::int64_t m, bool sym) { return windows::exponential<double>(m, {.tau = 3, .sym = sym}); });
}

TEST_CASE("windows of no and of one sample, of float, and wrong parameters", "[ops][signal]") {
  CHECK(windows::hann(0).numel() == 0);
  CHECK(windows::blackman(1).to_vector() == std::vector<float>{1});
  CHECK(windows::hann<float>(3).to_vector() == std::vector<float>{0, 1, 0});
  CHECK(windows::exponential<double>(4, {.center = 1, .tau = 1, .sym = false})[1].item() == 1);
  CHECK(windows::exponential<double>(1, {.center = 2, .tau = 1, .sym = false}).item() == Approx(std::exp(-2.0)));
  CHECK_THROWS_WITH(windows::hann(-1), ContainsSubstring("hann: a window of -1 samples"));
  CHECK_THROWS_WITH(windows::gaussian(3, 0), ContainsSubstring("must be positive"));
  CHECK_THROWS_WITH(windows::exponential(3, {.center = 1}), ContainsSubstring("center"));
  CHECK_THROWS_WITH(windows::kaiser(3, -1), ContainsSubstring("beta"));
  CHECK_THROWS_WITH(windows::general_cosine(3, {}), ContainsSubstring("weights"));
}

TEST_CASE("the older names give periodic windows", "[ops][signal]") {
  const auto near = [](const Real& t, const std::vector<double>& expected) { CHECK(golden::difference(t.to_vector(), expected) < 1e-15); };
  near(tl::hann_window<double>(4), {0, 0.5, 1, 0.5});
  near(tl::hamming_window<double>(3, false, 0.5, 0.25), {0.25, 0.75, 0.25});
  near(tl::bartlett_window<double>(4), {0, 0.5, 1, 0.5});
  near(tl::blackman_window<double>(3, false), {0, 1, 0});
  CHECK(tl::kaiser_window<double>(3, true, 5).to_vector() == windows::kaiser<double>(3, 5, false).to_vector());
}
