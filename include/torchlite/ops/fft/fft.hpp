// SPDX-License-Identifier: BSD-3-Clause
// torch.fft: Fourier transforms along one dimension (fft), two (fft2) or several (fftn). Those of real numbers (rfft) and those that give
// real numbers (irfft) keep half of the transform, since the other half are conjugates; hfft and ihfft are the same with the roles of
// time and frequency exchanged.
//   n, s    the size of the signal along each dimension: x is cut, or filled up with zeros, to it
//   norm    "backward": the inverse transform is divided by the number of elements; "forward": the other one is; "ortho": both by its root
// Throws ShapeError for sizes below 1, dimensions named twice, and s and dim of different lengths; Error for any other norm.
#pragma once
#include <torchlite/ops/fft/transform.hpp>

namespace torchlite::inline TORCHLITE_ABI::fft {

/// The transform: y_k = sum over j of x_j e^(-2 pi i jk / n).
///   x [..., n] -> [..., n] complex
template <tensor_like X>
auto fft(const X& x, std::optional<std::int64_t> n = {}, std::int64_t dim = -1, std::string_view norm = "backward",
         Site site = Site::current()) {
  return ops::fourier_full("fft::fft", x, ops::fourier_shape("fft::fft", eval(x, site).sizes(), n, dim), true, norm, site);
}
/// Its inverse.
///   x [..., n] -> [..., n] complex
template <tensor_like X>
auto ifft(const X& x, std::optional<std::int64_t> n = {}, std::int64_t dim = -1, std::string_view norm = "backward",
          Site site = Site::current()) {
  return ops::fourier_full("fft::ifft", x, ops::fourier_shape("fft::ifft", eval(x, site).sizes(), n, dim), false, norm, site);
}
/// The transform of real numbers, of which the first half is kept.
///   x [..., n] real -> [..., n / 2 + 1] complex
template <tensor_like X>
auto rfft(const X& x, std::optional<std::int64_t> n = {}, std::int64_t dim = -1, std::string_view norm = "backward",
          Site site = Site::current()) {
  return ops::fourier_real_in("fft::rfft", x, ops::fourier_shape("fft::rfft", eval(x, site).sizes(), n, dim), true, norm, site);
}
/// Its inverse; without n an even one is assumed, 2 (m - 1).
///   x [..., m] -> [..., n] real
template <tensor_like X>
auto irfft(const X& x, std::optional<std::int64_t> n = {}, std::int64_t dim = -1, std::string_view norm = "backward",
           Site site = Site::current()) {
  return ops::fourier_real_out("fft::irfft", x, ops::fourier_shape("fft::irfft", eval(x, site).sizes(), n, dim, true), false, norm, site);
}
/// The transform of a signal that is given by its first half, the other one being conjugates; it is real.
///   x [..., m] -> [..., n] real
template <tensor_like X>
auto hfft(const X& x, std::optional<std::int64_t> n = {}, std::int64_t dim = -1, std::string_view norm = "backward",
          Site site = Site::current()) {
  return ops::fourier_real_out("fft::hfft", x, ops::fourier_shape("fft::hfft", eval(x, site).sizes(), n, dim, true), true, norm, site);
}
/// Its inverse.
///   x [..., n] real -> [..., n / 2 + 1] complex
template <tensor_like X>
auto ihfft(const X& x, std::optional<std::int64_t> n = {}, std::int64_t dim = -1, std::string_view norm = "backward",
           Site site = Site::current()) {
  return ops::fourier_real_in("fft::ihfft", x, ops::fourier_shape("fft::ihfft", eval(x, site).sizes(), n, dim), false, norm, site);
}

/// fft along two dimensions, the last ones by default.
template <tensor_like X>
auto fft2(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = Shape{-2, -1}, std::string_view norm = "backward",
          Site site = Site::current()) {
  return ops::fourier_full("fft::fft2", x, ops::fourier_shape("fft::fft2", eval(x, site).sizes(), s, dim), true, norm, site);
}
/// ifft along two dimensions, the last ones by default.
template <tensor_like X>
auto ifft2(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = Shape{-2, -1}, std::string_view norm = "backward",
           Site site = Site::current()) {
  return ops::fourier_full("fft::ifft2", x, ops::fourier_shape("fft::ifft2", eval(x, site).sizes(), s, dim), false, norm, site);
}
/// rfft along two dimensions, the last ones by default.
template <tensor_like X>
auto rfft2(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = Shape{-2, -1}, std::string_view norm = "backward",
           Site site = Site::current()) {
  return ops::fourier_real_in("fft::rfft2", x, ops::fourier_shape("fft::rfft2", eval(x, site).sizes(), s, dim), true, norm, site);
}
/// irfft along two dimensions, the last ones by default.
template <tensor_like X>
auto irfft2(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = Shape{-2, -1}, std::string_view norm = "backward",
            Site site = Site::current()) {
  return ops::fourier_real_out("fft::irfft2", x, ops::fourier_shape("fft::irfft2", eval(x, site).sizes(), s, dim, true), false, norm, site);
}
/// hfft along two dimensions, the last ones by default.
template <tensor_like X>
auto hfft2(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = Shape{-2, -1}, std::string_view norm = "backward",
           Site site = Site::current()) {
  return ops::fourier_real_out("fft::hfft2", x, ops::fourier_shape("fft::hfft2", eval(x, site).sizes(), s, dim, true), true, norm, site);
}
/// ihfft along two dimensions, the last ones by default.
template <tensor_like X>
auto ihfft2(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = Shape{-2, -1}, std::string_view norm = "backward",
            Site site = Site::current()) {
  return ops::fourier_real_in("fft::ihfft2", x, ops::fourier_shape("fft::ihfft2", eval(x, site).sizes(), s, dim), false, norm, site);
}

/// fft along several dimensions: all by default, or the last ones if s is given.
template <tensor_like X>
auto fftn(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = {}, std::string_view norm = "backward",
          Site site = Site::current()) {
  return ops::fourier_full("fft::fftn", x, ops::fourier_shape("fft::fftn", eval(x, site).sizes(), s, dim), true, norm, site);
}
/// ifft along several dimensions: all by default, or the last ones if s is given.
template <tensor_like X>
auto ifftn(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = {}, std::string_view norm = "backward",
           Site site = Site::current()) {
  return ops::fourier_full("fft::ifftn", x, ops::fourier_shape("fft::ifftn", eval(x, site).sizes(), s, dim), false, norm, site);
}
/// rfft along several dimensions: all by default, or the last ones if s is given.
template <tensor_like X>
auto rfftn(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = {}, std::string_view norm = "backward",
           Site site = Site::current()) {
  return ops::fourier_real_in("fft::rfftn", x, ops::fourier_shape("fft::rfftn", eval(x, site).sizes(), s, dim), true, norm, site);
}
/// irfft along several dimensions: all by default, or the last ones if s is given.
template <tensor_like X>
auto irfftn(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = {}, std::string_view norm = "backward",
            Site site = Site::current()) {
  return ops::fourier_real_out("fft::irfftn", x, ops::fourier_shape("fft::irfftn", eval(x, site).sizes(), s, dim, true), false, norm, site);
}
/// hfft along several dimensions: all by default, or the last ones if s is given.
template <tensor_like X>
auto hfftn(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = {}, std::string_view norm = "backward",
           Site site = Site::current()) {
  return ops::fourier_real_out("fft::hfftn", x, ops::fourier_shape("fft::hfftn", eval(x, site).sizes(), s, dim, true), true, norm, site);
}
/// ihfft along several dimensions: all by default, or the last ones if s is given.
template <tensor_like X>
auto ihfftn(const X& x, std::optional<Shape> s = {}, std::optional<Shape> dim = {}, std::string_view norm = "backward",
            Site site = Site::current()) {
  return ops::fourier_real_in("fft::ihfftn", x, ops::fourier_shape("fft::ihfftn", eval(x, site).sizes(), s, dim), false, norm, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI::fft
