// SPDX-License-Identifier: BSD-3-Clause
// The functions of torch.fft against PyTorch's numbers.
#include <ops/samples.hpp>

#include <torchlite/ops/fft/fft.hpp>
#include <torchlite/ops/fft/frequencies.hpp>

using namespace samples;

namespace {

std::optional<std::int64_t> size(const Call& c) { return c.has(0, "n") ? std::optional<std::int64_t>(c.integer(0, "n")) : std::nullopt; }
std::optional<tl::Shape> shape_of(const Call& c, std::size_t position, const char* name) {
  return c.has(position, name) ? std::optional<tl::Shape>(c.shape(position, name)) : std::nullopt;
}
std::optional<tl::Shape> pair(const Call& c) { return c.has(1, "dim") ? shape_of(c, 1, "dim") : tl::Shape{-2, -1}; }
std::string norm(const Call& c) { return c.text(2, "norm", "backward"); }

}  // namespace

TEST_CASE("transforms of complex numbers are PyTorch's") {
  replay("fft_fft", [](const Call& c) { return tl::fft::fft(c.x(), size(c), c.integer(1, "dim", -1), norm(c)); });
  replay("fft_fft2", [](const Call& c) { return tl::fft::fft2(c.x(), shape_of(c, 0, "s"), pair(c), norm(c)); });
  replay("fft_fftn", [](const Call& c) { return tl::fft::fftn(c.x(), shape_of(c, 0, "s"), shape_of(c, 1, "dim"), norm(c)); });
  replay("fft_ifft", [](const Call& c) { return tl::fft::ifft(c.x(), size(c), c.integer(1, "dim", -1), norm(c)); });
  replay("fft_ifft2", [](const Call& c) { return tl::fft::ifft2(c.x(), shape_of(c, 0, "s"), pair(c), norm(c)); });
  replay("fft_ifftn", [](const Call& c) { return tl::fft::ifftn(c.x(), shape_of(c, 0, "s"), shape_of(c, 1, "dim"), norm(c)); });
}

TEST_CASE("transforms of real numbers are PyTorch's") {
  replay("fft_rfft", [](const Call& c) { return tl::fft::rfft(c.x(), size(c), c.integer(1, "dim", -1), norm(c)); });
  replay("fft_rfft2", [](const Call& c) { return tl::fft::rfft2(c.x(), shape_of(c, 0, "s"), pair(c), norm(c)); });
  replay("fft_rfftn", [](const Call& c) { return tl::fft::rfftn(c.x(), shape_of(c, 0, "s"), shape_of(c, 1, "dim"), norm(c)); });
  replay("fft_irfft", [](const Call& c) { return tl::fft::irfft(c.x(), size(c), c.integer(1, "dim", -1), norm(c)); });
  replay("fft_irfft2", [](const Call& c) { return tl::fft::irfft2(c.x(), shape_of(c, 0, "s"), pair(c), norm(c)); });
  replay("fft_irfftn", [](const Call& c) { return tl::fft::irfftn(c.x(), shape_of(c, 0, "s"), shape_of(c, 1, "dim"), norm(c)); });
}

TEST_CASE("transforms of signals given by halves are PyTorch's") {
  replay("fft_hfft", [](const Call& c) { return tl::fft::hfft(c.x(), size(c), c.integer(1, "dim", -1), norm(c)); });
  replay("fft_hfft2", [](const Call& c) { return tl::fft::hfft2(c.x(), shape_of(c, 0, "s"), pair(c), norm(c)); });
  replay("fft_hfftn", [](const Call& c) { return tl::fft::hfftn(c.x(), shape_of(c, 0, "s"), shape_of(c, 1, "dim"), norm(c)); });
  replay("fft_ihfft", [](const Call& c) { return tl::fft::ihfft(c.x(), size(c), c.integer(1, "dim", -1), norm(c)); });
  replay("fft_ihfft2", [](const Call& c) { return tl::fft::ihfft2(c.x(), shape_of(c, 0, "s"), pair(c), norm(c)); });
  replay("fft_ihfftn", [](const Call& c) { return tl::fft::ihfftn(c.x(), shape_of(c, 0, "s"), shape_of(c, 1, "dim"), norm(c)); });
}

TEST_CASE("halves are exchanged as PyTorch does it") {
  replay("fft_fftshift", [](const Call& c) { return tl::fft::fftshift(c.x(), shape_of(c, 0, "dim")); });
  replay("fft_ifftshift", [](const Call& c) { return tl::fft::ifftshift(c.x(), shape_of(c, 0, "dim")); });
}
