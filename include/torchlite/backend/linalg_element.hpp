// SPDX-License-Identifier: BSD-3-Clause
// What both devices do with the factors of one matrix: its determinant, and rows exchanged as the factorisation did.
#pragma once
#include <torchlite/core/config.hpp>

#include <cmath>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// The Pade approximant of degree 13 of e^x: numerator and denominator, of x and -x, share the coefficients (26 - i)! 13! / (26! i! (13 - i)!).
/// It is exact enough up to a norm of `reach`. Source: Higham, "The scaling and squaring method for the matrix exponential revisited", SIAM J.
/// Matrix Anal. Appl. 2005.
template <class R>
struct ExponentialPade {
  static constexpr R reach = R(5.371920351148152);
  R b[14];

  constexpr ExponentialPade() : b{R(1)} {
    for (int i = 1; i < 14; ++i) b[i] = b[i - 1] * static_cast<R>(14 - i) / static_cast<R>(i * (27 - i));
  }
};
/// How often a norm is halved until it is within reach; -1 for infinities and NaNs.
template <class R>
TORCHLITE_HOST_DEVICE int count_squarings(R norm) {
  if (!(norm - norm == R(0))) return -1;
  int squarings = 0;
  for (R bound = ExponentialPade<R>::reach; norm > bound; bound *= 2) ++squarings;
  return squarings;
}

/// det [count] from the packed factors [count, n, n].
template <class T>
struct LuDeterminant {
  std::int64_t n;
  const T* lu;
  const std::int32_t* pivots;
  T* det;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    T product = 1;
    for (std::int64_t j = 0; j < n; ++j) {
      product *= lu[(i * n + j) * n + j];
      if (pivots[i * n + j] != j + 1) product = -product;
    }
    det[i] = product;
  }
};

/// The same as a sign and the logarithm of the size, summed in double.
template <class T>
struct LuLogDeterminant {
  std::int64_t n;
  const T* lu;
  const std::int32_t* pivots;
  T *sign, *log_size;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    T s = 1;
    double sum = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      const T d = lu[(i * n + j) * n + j];
      if (pivots[i * n + j] != j + 1) s = -s;
      s *= d < T(0) ? T(-1) : d > T(0) ? T(1) : T(0);
      sum += std::log(static_cast<double>(d < T(0) ? -d : d));
    }
    sign[i] = s;
    log_size[i] = static_cast<T>(sum);
  }
};

/// Column i % columns of matrix i / columns: its rows are exchanged as `exchanges` pivots say, or back.
template <class T>
struct ExchangeRows {
  std::int64_t exchanges;
  const std::int32_t* pivots;  ///< [count, exchanges], from 1
  bool back;
  std::int64_t rows, columns;
  T* x;  ///< [count, rows, columns]

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t matrix = i / columns;
    T* const column = x + matrix * rows * columns + i % columns;
    for (std::int64_t k = 0; k < exchanges; ++k) {
      const std::int64_t row = back ? exchanges - 1 - k : k, other = pivots[matrix * exchanges + row] - 1;
      const T kept = column[row * columns];
      column[row * columns] = column[other * columns];
      column[other * columns] = kept;
    }
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
