// SPDX-License-Identifier: BSD-3-Clause
// What a Fourier transform's library leaves to do for each element, and how it is told where the lines are.
#pragma once
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/backend/fft.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// How lines along the middle of [outer, n, inner] lie for a library that takes one step from element to element and one from line to line.
/// Where that does not reach all of them, they are brought into lines of their own, [outer, inner, n].
struct LineLayout {
  std::int64_t inner, count;
  bool moved;

  explicit LineLayout(const FourierLines& lines)
      : inner(lines.inner), count(lines.outer * lines.inner), moved(lines.inner != 1 && lines.outer != 1) {}
  std::int64_t element_step() const { return moved ? 1 : inner; }
  std::int64_t line_step(std::int64_t length) const { return moved || inner == 1 ? length : 1; }

  /// Where element i of [outer, length, inner] stands among the lines.
  TORCHLITE_HOST_DEVICE std::int64_t place(std::int64_t i, std::int64_t length) const {
    if (!moved) return i;
    const std::int64_t row = i / inner, outer = row / length;
    return (outer * inner + i % inner) * length + row % length;
  }
};

/// x [outer, length, inner] to lines.
template <class T>
struct LoadLines {
  LineLayout layout;
  std::int64_t length;
  const T* x;
  T* lines;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { lines[layout.place(i, length)] = x[i]; }
};
/// And back, times scale.
template <class T, class R>
struct StoreLines {
  LineLayout layout;
  std::int64_t length;
  R scale;
  const T* lines;
  T* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { y[i] = lines[layout.place(i, length)] * scale; }
};

/// A number of half a transform of n real numbers, times scale; sign -1 is for the conjugate. The numbers that are their own conjugates
/// have no imaginary part.
template <class R>
TORCHLITE_HOST_DEVICE math::DeviceComplex<R> half_number(std::int64_t k, std::int64_t n, R scale, R sign, math::DeviceComplex<R> v) {
  return {v.real() * scale, k == 0 || 2 * k == n ? R(0) : v.imag() * (scale * sign)};
}
/// x [outer, n / 2 + 1, inner] to lines, by half_number.
template <class R>
struct LoadHalfLines {
  LineLayout layout;
  std::int64_t n;
  R scale, sign;
  const math::DeviceComplex<R>* x;
  math::DeviceComplex<R>* lines;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t half = n / 2 + 1;
    lines[layout.place(i, half)] = half_number(i / layout.inner % half, n, scale, sign, x[i]);
  }
};
/// And back; y may be the lines if they are not moved.
template <class R>
struct StoreHalfLines {
  LineLayout layout;
  std::int64_t n;
  R scale, sign;
  const math::DeviceComplex<R>* lines;
  math::DeviceComplex<R>* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t half = n / 2 + 1;
    y[i] = half_number(i / layout.inner % half, n, scale, sign, lines[layout.place(i, half)]);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
