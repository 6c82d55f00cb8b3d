// SPDX-License-Identifier: BSD-3-Clause
// Symmetric indefinite systems by diagonal pivoting, with LAPACK's pivots (sytf2, sytrs, lower triangle).
// Follows Bunch and Kaufman, Math. Comp. 31, 1977.
#pragma once
#include <torchlite/backend/cpu/linalg/scalar.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Rows and columns i < p of the symmetric matrix from column k on change places; only the lower triangle exists.
template <class T>
void exchange_symmetric(std::int64_t n, T* a, std::int64_t i, std::int64_t p) {
  for (std::int64_t r = p + 1; r < n; ++r) std::swap(a[r * n + i], a[r * n + p]);
  for (std::int64_t c = i + 1; c < p; ++c) std::swap(a[c * n + i], a[p * n + c]);
  std::swap(a[i * n + i], a[p * n + p]);
}

/// The lower triangle of one dense symmetric matrix becomes L and D, D of blocks of size 1 and 2; pivots are negative for the
/// latter. Returns the number of the first zero block, from 1, or 0.
template <class T>
std::int32_t ldl_factor_one(std::int64_t n, T* a, std::int32_t* pivots) {
  using R = real_of_t<T>;
  const R alpha = (1 + std::sqrt(R(17))) / 8;
  std::int32_t info = 0;
  const auto at = [a, n](std::int64_t i, std::int64_t j) -> T& { return a[i * n + j]; };
  for (std::int64_t k = 0; k < n;) {
    const R diagonal = magnitude(at(k, k));
    std::int64_t below = k;
    R column = 0;
    for (std::int64_t i = k + 1; i < n; ++i)
      if (magnitude(at(i, k)) > column) column = magnitude(at(i, k)), below = i;
    std::int64_t p = k, step = 1;
    if ((diagonal == 0 && column == 0) || std::isnan(diagonal)) {
      if (info == 0) info = static_cast<std::int32_t>(k + 1);
      pivots[k] = static_cast<std::int32_t>(k + 1);
      ++k;
      continue;
    }
    if (diagonal < alpha * column) {
      R row = 0;
      for (std::int64_t j = k; j < below; ++j) row = std::fmax(row, magnitude(at(below, j)));
      for (std::int64_t i = below + 1; i < n; ++i) row = std::fmax(row, magnitude(at(i, below)));
      if (diagonal < alpha * column * (column / row)) {
        p = below;
        if (magnitude(at(below, below)) < alpha * row) step = 2;
      }
    }
    const std::int64_t to = k + step - 1;
    if (p != to) {
      exchange_symmetric(n, a, to, p);
      if (step == 2) std::swap(at(k + 1, k), at(p, k));
    }
    if (step == 1) {
      const T inverse = T(1) / at(k, k);
      for (std::int64_t i = k + 1; i < n; ++i) {
        const T factor = at(i, k) * inverse;
        for (std::int64_t j = k + 1; j <= i; ++j) at(i, j) -= factor * at(j, k);
      }
      for (std::int64_t i = k + 1; i < n; ++i) at(i, k) *= inverse;
      pivots[k] = static_cast<std::int32_t>(p + 1);
    } else {
      const T beside = at(k + 1, k), d1 = at(k + 1, k + 1) / beside, d2 = at(k, k) / beside;
      const T scale = T(1) / (d1 * d2 - T(1)) / beside;
      for (std::int64_t j = k + 2; j < n; ++j) {
        const T w0 = scale * (d1 * at(j, k) - at(j, k + 1)), w1 = scale * (d2 * at(j, k + 1) - at(j, k));
        for (std::int64_t i = j; i < n; ++i) at(i, j) -= at(i, k) * w0 + at(i, k + 1) * w1;
        at(j, k) = w0;
        at(j, k + 1) = w1;
      }
      pivots[k] = pivots[k + 1] = static_cast<std::int32_t>(-(p + 1));
    }
    k += step;
  }
  return info;
}

/// b [n, k] becomes the solution for one factored matrix.
template <class T>
void ldl_solve_one(std::int64_t n, std::int64_t k, const T* a, const std::int32_t* pivots, T* b) {
  const auto exchange = [b, k](std::int64_t i, std::int64_t p) {
    if (i != p)
      for (std::int64_t c = 0; c < k; ++c) std::swap(b[i * k + c], b[p * k + c]);
  };
  for (std::int64_t j = 0; j < n;) {
    if (pivots[j] > 0) {
      exchange(j, pivots[j] - 1);
      for (std::int64_t i = j + 1; i < n; ++i) add_multiple(k, T(-a[i * n + j]), b + j * k, b + i * k);
      for (std::int64_t c = 0; c < k; ++c) b[j * k + c] /= a[j * n + j];
      ++j;
    } else {
      exchange(j + 1, -pivots[j] - 1);
      for (std::int64_t i = j + 2; i < n; ++i) {
        add_multiple(k, T(-a[i * n + j]), b + j * k, b + i * k);
        add_multiple(k, T(-a[i * n + j + 1]), b + (j + 1) * k, b + i * k);
      }
      const T beside = a[(j + 1) * n + j], d0 = a[j * n + j] / beside, d1 = a[(j + 1) * n + j + 1] / beside;
      const T determinant = d0 * d1 - T(1);
      for (std::int64_t c = 0; c < k; ++c) {
        const T x = b[j * k + c] / beside, y = b[(j + 1) * k + c] / beside;
        b[j * k + c] = (d1 * x - y) / determinant;
        b[(j + 1) * k + c] = (d0 * y - x) / determinant;
      }
      j += 2;
    }
  }
  for (std::int64_t j = n - 1; j >= 0;) {
    const std::int64_t first = pivots[j] > 0 ? j : j - 1;
    for (std::int64_t r = first; r <= j; ++r)
      for (std::int64_t i = j + 1; i < n; ++i) add_multiple(k, T(-a[i * n + r]), b + i * k, b + r * k);
    exchange(j, (pivots[j] > 0 ? pivots[j] : -pivots[j]) - 1);
    j = first - 1;
  }
}

/// All matrices of a batch; pivots [count, n], info [count]. The upper triangles become zeros.
template <class T>
void ldl_factor(Cpu, std::int64_t count, std::int64_t n, T* a, std::int32_t* pivots, std::int32_t* info) {
  parallel_for(count, linalg_grain(n * n * n), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      T* one = a + i * n * n;
      info[i] = ldl_factor_one(n, one, pivots + i * n);
      for (std::int64_t r = 0; r < n; ++r)
        for (std::int64_t c = r + 1; c < n; ++c) one[r * n + c] = T(0);
    }
  });
}
/// b [count, n, k] becomes the solutions.
template <class T>
void ldl_solve(Cpu, std::int64_t count, std::int64_t n, std::int64_t k, const T* a, const std::int32_t* pivots, T* b) {
  parallel_for(count, linalg_grain(n * n * k), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) ldl_solve_one(n, k, a + i * n * n, pivots + i * n, b + i * n * k);
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
