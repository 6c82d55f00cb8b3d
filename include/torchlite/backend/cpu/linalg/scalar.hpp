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

/// The sum of conj(x_i) y_i. Eight partial sums, so that it vectorises and its order is fixed.
template <class T>
T inner_product(std::int64_t n, const T* x, const T* y) {
  T part[8] = {};
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int q = 0; q < 8; ++q) part[q] += conj_of(x[i + q]) * y[i + q];
  T sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
  for (; i < n; ++i) sum += conj_of(x[i]) * y[i];
  return sum;
}

/// y += a x.
template <class T>
void add_multiple(std::int64_t n, T a, const T* x, T* y) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += a * x[i];
}

/// How many of `count` pieces of work, of this many multiplications each, a thread should take at least.
inline std::int64_t linalg_grain(std::int64_t work) { return work >= 65536 ? 1 : 65536 / (work > 0 ? work : 1); }

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
