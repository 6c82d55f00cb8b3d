// SPDX-License-Identifier: BSD-3-Clause
// The frequencies of a transform's numbers, and the order with frequency 0 in the middle.
#pragma once
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/tensor/create.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {
/// x with its first `half(n)` elements along each dimension moved behind the others.
template <tensor_like X>
tensor_of<X> fft_exchange_halves(const char* op, const X& x_, const std::optional<Shape>& dim, int round_up, Site site) {
  tensor_of<X> x = eval(x_, site);
  unsigned axes = 0;
  if (dim)
    for (const std::int64_t d : *dim) axes |= 1u << normalize_axis(op, d, x.dim());
  else axes = ~0u;
  bool fresh = false;
  for (int d = 0; d < x.dim(); ++d) {
    const std::int64_t n = x.sizes()[d], first = (n + 1 - round_up) / 2;
    if (((axes >> d) & 1u) == 0 || n < 2) continue;
    x = cat({narrow(x, d, first, n - first, site), narrow(x, d, 0, first, site)}, d, site);
    fresh = true;
  }
  return fresh ? x : clone(x, site);
}
}  // namespace ops

namespace fft {

/// A transform with the zero frequency moved to the middle of every dimension, or of the given ones.
///   x [...] -> [...]
template <tensor_like X>
tensor_of<X> fftshift(const X& x, std::optional<Shape> dim = {}, Site site = Site::current()) {
  return ops::fft_exchange_halves("fft::fftshift", x, dim, 0, site);
}
/// The inverse of fftshift.
template <tensor_like X>
tensor_of<X> ifftshift(const X& x, std::optional<Shape> dim = {}, Site site = Site::current()) {
  return ops::fft_exchange_halves("fft::ifftshift", x, dim, 1, site);
}

/// The frequencies of the numbers of fft: 0, 1, ..., then the negative ones, over n d.
///   -> [n]
template <dtype T = float, device D = Cpu>
Tensor<T, D> fftfreq(std::int64_t n, double d = 1.0) {
  static_assert(floating<T>, "fftfreq needs a floating dtype");
  check<Error>(n >= 0, "fft::fftfreq: {} samples; their number cannot be negative", n);
  const double step = 1 / (static_cast<double>(n) * d);
  return generate<T, D>(n, [=](std::int64_t i) { return static_cast<T>(static_cast<double>(i < (n + 1) / 2 ? i : i - n) * step); });
}
/// The frequencies of the numbers of rfft: 0, 1, ..., n / 2, over n d.
///   -> [n / 2 + 1]
template <dtype T = float, device D = Cpu>
Tensor<T, D> rfftfreq(std::int64_t n, double d = 1.0) {
  static_assert(floating<T>, "rfftfreq needs a floating dtype");
  check<Error>(n >= 0, "fft::rfftfreq: {} samples; their number cannot be negative", n);
  const double step = 1 / (static_cast<double>(n) * d);
  return generate<T, D>(n / 2 + 1, [=](std::int64_t i) { return static_cast<T>(static_cast<double>(i) * step); });
}

}  // namespace fft
}  // namespace torchlite::inline TORCHLITE_ABI
