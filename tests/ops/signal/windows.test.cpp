// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/signal/window_functions.hpp>

using namespace samples;
namespace windows = tl::signal::windows;

TEST_CASE("windows agree with PyTorch", "[ops][signal][golden]") {
  const auto samples = [](const Call& c) { return c.sample.input.get<std::int64_t>(); };
  const auto sym = [](const Call& c) { return c.flag(9, "sym", true); };
  CHECK(replay("signal_windows_bartlett", [=](const Call& c) { return windows::bartlett<double>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_blackman", [=](const Call& c) { return windows::blackman<double>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_cosine", [=](const Call& c) { return windows::cosine<double>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_hamming", [=](const Call& c) { return windows::hamming<double>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_hann", [=](const Call& c) { return windows::hann<double>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_nuttall", [=](const Call& c) { return windows::nuttall<double>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_exponential", [=](const Call& c) {
          return windows::exponential<double>(samples(c),
                                              {.center = c.number(9, "center", std::nan("")), .tau = c.number(9, "tau", 1), .sym = sym(c)});
        }) > 0);
  CHECK(replay("signal_windows_gaussian",
               [=](const Call& c) { return windows::gaussian<double>(samples(c), c.number(9, "std", 1), sym(c)); }) > 0);
  CHECK(replay("signal_windows_kaiser",
               [=](const Call& c) { return windows::kaiser<double>(samples(c), c.number(9, "beta", 12), sym(c)); }) > 0);
  CHECK(replay("signal_windows_general_hamming",
               [=](const Call& c) { return windows::general_hamming<double>(samples(c), c.number(9, "alpha", 0.54), sym(c)); }) > 0);
  CHECK(replay("signal_windows_general_cosine", [=](const Call& c) {
          return windows::general_cosine<double>(samples(c), c.argument(9, "a").get<std::vector<double>>(), sym(c));
        }) > 0);
}

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
