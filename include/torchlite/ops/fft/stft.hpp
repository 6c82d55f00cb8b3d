// SPDX-License-Identifier: BSD-3-Clause
// The short-time Fourier transform: transforms of overlapping windows of a signal, and the signal from them.
#pragma once
#include <torchlite/ops/fft/transform.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/pad/pad.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/reduce/amin.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/unfold.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct StftOptions {
  std::optional<std::int64_t> hop_length = {};  ///< between windows; n_fft / 4 by default
  std::optional<std::int64_t> win_length = {};  ///< the window's length, in the middle of n_fft elements; n_fft by default
  bool center = true;                           ///< window t is centred on element t * hop_length, the signal being padded at both ends
  PadMode pad_mode = PadMode::reflect;          ///< how it is padded
  bool normalized = false;                      ///< divides by the root of n_fft
  std::optional<bool> onesided = {};            ///< only the n_fft / 2 + 1 numbers that say all; true for real signals by default
};

struct IstftOptions {
  std::optional<std::int64_t> hop_length = {};
  std::optional<std::int64_t> win_length = {};
  bool center = true;
  bool normalized = false;
  std::optional<bool> onesided = {};        ///< by default, if the transform has other than n_fft numbers
  std::optional<std::int64_t> length = {};  ///< of the signal; what the windows cover by default
};

namespace ops {

/// The window of a transform of n_fft elements; ones if none is given.
template <class R, class D>
Tensor<R, D> stft_window(const char* op, const Tensor<R, D>& window, std::int64_t n_fft, std::int64_t win_length) {
  check<Error>(win_length > 0 && win_length <= n_fft, "{}: win_length is {}, n_fft {}; it must be in (0, n_fft]", op, win_length, n_fft);
  check<ShapeError>(!window.defined() || (window.dim() == 1 && window.sizes()[0] == win_length),
                    "{}: a window of shape {}; it must be a vector of win_length = {} elements", op,
                    window.defined() ? window.sizes().str() : "", win_length);
  if (win_length == n_fft) return window;
  const std::int64_t left = (n_fft - win_length) / 2;
  return constant_pad_nd(window.defined() ? window : ones<R, D>({win_length}), {left, n_fft - win_length - left});
}

/// x [batch, n] with `amount` elements added at both ends.
template <class T, class D>
Tensor<T, D> pad_signal(const char* op, const Tensor<T, D>& x, std::int64_t amount, PadMode mode, Site site) {
  if (mode == PadMode::constant) return constant_pad_nd(x, {amount, amount}, {}, site);
  const std::int64_t n = x.sizes()[1], most = mode == PadMode::reflect ? n - 1 : n;
  check<ShapeError>(mode == PadMode::replicate ? n > 0 : amount <= most,
                    "{}: padding by n_fft / 2 = {} elements needs more than a signal of {}; use another pad_mode, or center = false", op,
                    amount, n);
  const auto place = [=](std::int64_t i) {
    const std::int64_t at = i - amount;
    if (mode == PadMode::reflect) return at < 0 ? -at : at >= n ? 2 * (n - 1) - at : at;
    if (mode == PadMode::circular) return (at + n) % n;
    return std::clamp<std::int64_t>(at, 0, n - 1);
  };
  return index_select(x, 1, generate<std::int64_t, D>(n + 2 * amount, place), site);
}

}  // namespace ops

/// The transforms of windows of n_fft elements, hop_length apart, each multiplied with the window.
///   x [n] or [batch, n] -> [..., n_fft / 2 + 1 (n_fft if not onesided), windows], complex; view_as_real gives pairs of numbers
/// An undefined window stands for ones. Throws ShapeError or Error for lengths that do not fit each other.
template <tensor_like X>
auto stft(const X& x_, std::int64_t n_fft, const Tensor<real_t<floating_t<value_t<X>>>, device_t<X>>& window,
          const StftOptions& options = {}, Site site = Site::current()) {
  using T = floating_t<value_t<X>>;
  using D = device_t<X>;
  using C = complex_t<T>;
  Tensor<T, D> x = ops::fourier_input<false>(x_, site);
  const std::int64_t hop = options.hop_length.value_or(n_fft / 4);
  check<ShapeError>(x.dim() == 1 || x.dim() == 2, "stft: a signal of shape {}; it must be a vector or a batch of them", x.sizes().str());
  check<Error>(n_fft > 0 && hop > 0, "stft: n_fft is {}, hop_length {}; both must be positive", n_fft, hop);
  const Tensor<real_t<T>, D> w = ops::stft_window("stft", window, n_fft, options.win_length.value_or(n_fft));
  const bool onesided = options.onesided.value_or(!complex_number<T>);
  check<Error>(!onesided || !complex_number<T>, "stft: half of the transform of a complex signal does not say all; use onesided = false");
  const bool batched = x.dim() == 2;
  if (!batched) x = unsqueeze(x, 0, site);
  if (options.center) x = ops::pad_signal("stft", x, n_fft / 2, options.pad_mode, site);
  check<ShapeError>(n_fft <= x.sizes()[1], "stft: n_fft is {}, but the signal, with its padding, has only {} elements", n_fft,
                    x.sizes()[1]);
  Tensor<T, D> frames = unfold(x, 1, n_fft, hop, site);
  if (w.defined()) frames = frames * w;
  const double scale = options.normalized ? 1 / std::sqrt(static_cast<double>(n_fft)) : 1;
  Tensor<C, D> out;
  if constexpr (complex_number<T>) {
    out = ops::fourier_transform("stft", frames, {2}, true, scale, site);
  } else {
    if (onesided) out = ops::fourier_of_real("stft", frames, {2}, true, scale, site);
    else out = ops::fourier_transform("stft", Tensor<C, D>(frames), {2}, true, scale, site);
  }
  out = transpose(out, 1, 2, site);
  return batched ? out : squeeze(out, 0, site);
}
template <tensor_like X>
auto stft(const X& x, std::int64_t n_fft, const StftOptions& options = {}, Site site = Site::current()) {
  return stft(x, n_fft, Tensor<real_t<floating_t<value_t<X>>>, device_t<X>>(), options, site);
}

namespace ops {
/// The signals, as T, of transforms x [..., numbers, windows].
template <class T, class C, class D>
Tensor<T, D> inverse_stft(Tensor<C, D> x, std::int64_t n_fft, const Tensor<real_t<C>, D>& window, const IstftOptions& options, Site site) {
  using R = real_t<C>;
  const std::int64_t hop = options.hop_length.value_or(n_fft / 4);
  check<ShapeError>((x.dim() == 2 || x.dim() == 3) && x.numel() > 0,
                    "istft: a transform of shape {}; it must be [numbers, windows] or a batch of them, and not empty", x.sizes().str());
  check<Error>(n_fft > 0 && hop > 0, "istft: n_fft is {}, hop_length {}; both must be positive", n_fft, hop);
  const std::int64_t numbers = x.sizes()[x.dim() - 2], windows = x.sizes().back();
  const bool onesided = options.onesided.value_or(numbers != n_fft);
  check<ShapeError>(numbers == (onesided ? n_fft / 2 + 1 : n_fft), "istft: {} numbers for each window; n_fft = {} needs {}", numbers, n_fft,
                    onesided ? n_fft / 2 + 1 : n_fft);
  check<Error>(!complex_number<T> || !onesided, "istft: a complex signal needs the whole transform; use onesided = false");
  Tensor<R, D> w = stft_window("istft", window, n_fft, options.win_length.value_or(n_fft));
  if (!w.defined()) w = ones<R, D>({n_fft});
  const bool batched = x.dim() == 3;
  if (!batched) x = unsqueeze(x, 0, site);
  x = transpose(x, 1, 2, site);
  const double scale = options.normalized ? 1 / std::sqrt(static_cast<double>(n_fft)) : 1 / static_cast<double>(n_fft);
  Tensor<T, D> frames;
  if constexpr (complex_number<T>) {
    frames = fourier_transform("istft", x, {2}, false, scale, site);
  } else {
    if (onesided) frames = fourier_into_real("istft", x, {2}, n_fft, false, scale, site);
    else frames = real(fourier_transform("istft", x, {2}, false, scale, site), site);
  }
  // Windows are added where they overlap, and divided by the sum of the squares of what they were multiplied with.
  const std::int64_t all = n_fft + hop * (windows - 1);
  Tensor<T, D> signal = unfold_backward(Tensor<T, D>(frames * w), {frames.sizes()[0], all}, 1, n_fft, hop);
  const Tensor<R, D> squares = square(w) * ones<R, D>({1, windows, 1});
  Tensor<R, D> weights = unfold_backward(squares, {1, all}, 1, n_fft, hop);
  const std::int64_t start = options.center ? n_fft / 2 : 0, whole = options.center ? all - n_fft / 2 : all;
  const std::int64_t end = options.length ? start + *options.length : whole;
  check<Error>(end > start, "istft: a signal of {} elements; it must have at least one", end - start);
  const std::int64_t kept = std::min(end, all) - start;
  signal = narrow(signal, 1, start, kept, site);
  weights = narrow(weights, 1, start, kept, site);
  check<Error>(amin(abs(weights.detach())).item() > R(1e-11),
               "istft: the windows leave gaps: somewhere their squares add up to 0; a smaller hop_length or center = true closes them");
  signal = signal / weights;
  if (end > all) signal = constant_pad_nd(signal, {0, end - all}, {}, site);
  return batched ? signal : squeeze(signal, 0, site);
}
}  // namespace ops

/// The signal of which x is the short-time transform: the inverse of stft, by least squares where windows overlap.
///   x [..., n_fft / 2 + 1 (n_fft if not onesided), windows] complex -> [n] or [batch, n] real
/// Throws ShapeError or Error for lengths that do not fit each other, and if the windows leave gaps.
template <tensor_like X>
auto istft(const X& x, std::int64_t n_fft, const Tensor<real_t<value_t<X>>, device_t<X>>& window, const IstftOptions& options = {},
           Site site = Site::current()) {
  static_assert(complex_number<value_t<X>>, "istft takes a complex transform; view_as_complex makes one of pairs of numbers");
  return ops::inverse_stft<real_t<value_t<X>>>(eval(x, site), n_fft, window, options, site);
}
template <tensor_like X>
auto istft(const X& x, std::int64_t n_fft, const IstftOptions& options = {}, Site site = Site::current()) {
  return istft(x, n_fft, Tensor<real_t<value_t<X>>, device_t<X>>(), options, site);
}
/// The same for a signal that is complex: torch.istft with return_complex.
template <tensor_like X>
tensor_of<X> istft_complex(const X& x, std::int64_t n_fft, const Tensor<real_t<value_t<X>>, device_t<X>>& window,
                           const IstftOptions& options = {}, Site site = Site::current()) {
  static_assert(complex_number<value_t<X>>, "istft_complex takes a complex transform");
  return ops::inverse_stft<value_t<X>>(eval(x, site), n_fft, window, options, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
