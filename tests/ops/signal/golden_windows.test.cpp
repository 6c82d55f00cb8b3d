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
  CHECK(replay("signal_windows_bartlett", [=](const Call& c) { return windows::bartlett<double, Device>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_blackman", [=](const Call& c) { return windows::blackman<double, Device>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_cosine", [=](const Call& c) { return windows::cosine<double, Device>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_hamming", [=](const Call& c) { return windows::hamming<double, Device>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_hann", [=](const Call& c) { return windows::hann<double, Device>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_nuttall", [=](const Call& c) { return windows::nuttall<double, Device>(samples(c), sym(c)); }) > 0);
  CHECK(replay("signal_windows_exponential", [=](const Call& c) {
          return windows::exponential<double, Device>(
              samples(c), {.center = c.number(9, "center", std::nan("")), .tau = c.number(9, "tau", 1), .sym = sym(c)});
        }) > 0);
  CHECK(replay("signal_windows_gaussian",
               [=](const Call& c) { return windows::gaussian<double, Device>(samples(c), c.number(9, "std", 1), sym(c)); }) > 0);
  CHECK(replay("signal_windows_kaiser",
               [=](const Call& c) { return windows::kaiser<double, Device>(samples(c), c.number(9, "beta", 12), sym(c)); }) > 0);
  CHECK(replay("signal_windows_general_hamming", [=](const Call& c) {
          return windows::general_hamming<double, Device>(samples(c), c.number(9, "alpha", 0.54), sym(c));
        }) > 0);
  CHECK(replay("signal_windows_general_cosine", [=](const Call& c) {
          return windows::general_cosine<double, Device>(samples(c), c.argument(9, "a").get<std::vector<double>>(), sym(c));
        }) > 0);
}
