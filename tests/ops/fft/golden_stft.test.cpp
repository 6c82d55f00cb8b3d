// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/fft/stft.hpp>
#include <torchlite/ops/random/rand.hpp>

using namespace samples;

TEST_CASE("short-time transforms are PyTorch's") {
  replay("stft", [](const Call& c) {
    tl::StftOptions options;
    if (c.has(1, "hop_length")) options.hop_length = c.integer(1, "hop_length");
    if (c.has(2, "win_length")) options.win_length = c.integer(2, "win_length");
    options.center = c.flag(4, "center", true);
    options.normalized = c.flag(6, "normalized");
    if (c.has(7, "onesided")) options.onesided = c.flag(7, "onesided");
    const Complex y = tl::stft(c.x(), c.integer(0, "n_fft"), c.tensor(3, "window"), options);
    if (c.flag(8, "return_complex")) return Values{y};
    return Values{tl::view_as_real(y)};
  });
}
