// SPDX-License-Identifier: BSD-3-Clause
// What the factorisations need of a scalar type. A complex type adds overloads of these and runs the same code.
#pragma once
#include <torchlite/core/config.hpp>

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The type of absolute values.
template <class T>
struct RealOf {
  using type = T;
};
template <class R>
struct RealOf<std::complex<R>> {
  using type = R;
};
template <class T>
using real_of_t = typename RealOf<T>::type;

template <class T>
T conj_of(T x) {
  return x;
}
template <class T>
T real_part(T x) {
  return x;
}
/// |x|; the size by which pivots are chosen.
template <class T>
T magnitude(T x) {
  return std::fabs(x);
}
template <class T>
T squared_magnitude(T x) {
  return x * x;
}

template <class R>
std::complex<R> conj_of(std::complex<R> x) {
  return std::conj(x);
}
template <class R>
R real_part(std::complex<R> x) {
  return x.real();
}
template <class R>
R magnitude(std::complex<R> x) {
  return std::abs(x);
}
template <class R>
R squared_magnitude(std::complex<R> x) {
  return x.real() * x.real() + x.imag() * x.imag();
}

/// True if no element is an infinity or NaN.
template <class T>
bool all_finite(std::int64_t count, const T* x) {
  bool finite = true;
  for (std::int64_t i = 0; i < count; ++i) finite = finite && std::isfinite(magnitude(x[i]));
  return finite;
}

/// The largest |x|, 0 of nothing.
template <class T>
real_of_t<T> largest_magnitude(std::int64_t count, const T* x) {
  real_of_t<T> most = 0;
  for (std::int64_t i = 0; i < count; ++i) most = magnitude(x[i]) > most ? magnitude(x[i]) : most;
  return most;
}

/// Rows are gone through in pieces of this many elements: loops of known length are vectorised at -O2, too.
inline constexpr std::int64_t row_piece = 16;

/// The sum of conj(x_i) y_i, in an order that depends on n alone.
template <class T>
T inner_product(std::int64_t n, const T* x, const T* y) {
  T part[row_piece] = {};
  std::int64_t i = 0;
  for (; i + row_piece <= n; i += row_piece)
    for (std::int64_t q = 0; q < row_piece; ++q) part[q] += conj_of(x[i + q]) * y[i + q];
  T sum = 0;
  for (; i < n; ++i) sum += conj_of(x[i]) * y[i];
  for (std::int64_t half = row_piece / 2; half > 0; half /= 2)
    for (std::int64_t q = 0; q < half; ++q) part[q] += part[q + half];
  return sum + part[0];
}

/// y += a x; x and y are different rows.
template <class T>
void add_multiple(std::int64_t n, T a, const T* TORCHLITE_RESTRICT x, T* TORCHLITE_RESTRICT y) {
  std::int64_t i = 0;
  for (; i + row_piece <= n; i += row_piece)
    for (std::int64_t q = 0; q < row_piece; ++q) y[i + q] += a * x[i + q];
  for (; i < n; ++i) y[i] += a * x[i];
}

/// (x, y) becomes (c x + low y, high x + c y); x and y are different rows.
template <class T>
void rotate_rows(std::int64_t n, T c, T low, T high, T* TORCHLITE_RESTRICT x, T* TORCHLITE_RESTRICT y) {
  const auto turn = [=](std::int64_t i) {
    const T u = x[i], v = y[i];
    x[i] = c * u + low * v;
    y[i] = high * u + c * v;
  };
  std::int64_t i = 0;
  for (; i + row_piece <= n; i += row_piece)
    for (std::int64_t q = 0; q < row_piece; ++q) turn(i + q);
  for (; i < n; ++i) turn(i);
}

/// How many of `count` pieces of work, of this many multiplications each, a thread should take at least.
inline std::int64_t linalg_grain(std::int64_t work) { return work >= 65536 ? 1 : 65536 / (work > 0 ? work : 1); }

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
