// SPDX-License-Identifier: BSD-3-Clause
// Gaussian elimination with partial pivoting. Follows Golub and Van Loan, Matrix Computations, 3.4.
#pragma once
#include <torchlite/backend/cpu/linalg/triangle.hpp>
#include <torchlite/backend/linalg_element.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Columns [k0, k1) of one dense matrix [m, n] below row k0; whole rows are exchanged. Returns the number of the first zero
/// pivot, from 1, or 0.
template <class T>
std::int32_t lu_panel(std::int64_t m, std::int64_t n, std::int64_t k0, std::int64_t k1, T* a, std::int32_t* pivots, bool pivot) {
  std::int32_t info = 0;
  for (std::int64_t j = k0; j < k1; ++j) {
    std::int64_t p = j;
    if (pivot)
      for (std::int64_t i = j + 1; i < m; ++i)
        if (magnitude(a[i * n + j]) > magnitude(a[p * n + j])) p = i;
    pivots[j] = static_cast<std::int32_t>(p + 1);
    if (a[p * n + j] == T(0)) {
      if (info == 0) info = static_cast<std::int32_t>(j + 1);
      continue;
    }
    if (p != j)
      for (std::int64_t c = 0; c < n; ++c) std::swap(a[j * n + c], a[p * n + c]);
    const T value = a[j * n + j];
    for (std::int64_t i = j + 1; i < m; ++i) {
      const T factor = a[i * n + j] /= value;
      add_multiple(k1 - j - 1, T(-factor), a + j * n + j + 1, a + i * n + j + 1);
    }
  }
  return info;
}

/// One dense matrix [m, n] becomes L (without its ones) and U of P L U; row i was exchanged with row pivots[i] - 1.
template <class T>
std::int32_t lu_factor_one(std::int64_t m, std::int64_t n, T* a, std::int32_t* pivots, bool pivot = true) {
  constexpr std::int64_t block = 48;
  const std::int64_t k = m < n ? m : n;
  std::int32_t info = 0;
  for (std::int64_t k0 = 0; k0 < k; k0 += block) {
    const std::int64_t k1 = k0 + block < k ? k0 + block : k;
    const std::int32_t zero = lu_panel(m, n, k0, k1, a, pivots, pivot);
    if (info == 0) info = zero;
    if (k1 >= n) break;
    solve_diagonal_block(Triangle<T>{k1, a, n, 1, false, true}, k0, k1, n - k1, a + k1, n, std::int64_t{1});
    subtract_product(m - k1, n - k1, k1 - k0, a + k1 * n + k0, n, std::int64_t{1}, a + k0 * n + k1, n, std::int64_t{1}, a + k1 * n + k1, n,
                     std::int64_t{1});
  }
  return info;
}

/// Rows of b [n, k] exchanged as the factorisation did, or back.
template <class T>
void exchange_rows(std::int64_t count, const std::int32_t* pivots, bool back, std::int64_t k, T* b) {
  for (std::int64_t q = 0; q < count; ++q) {
    const std::int64_t i = back ? count - 1 - q : q, p = pivots[i] - 1;
    if (p != i)
      for (std::int64_t c = 0; c < k; ++c) std::swap(b[i * k + c], b[p * k + c]);
  }
}

/// All matrices [m, n] of a batch; pivots [count, min(m, n)], info [count].
template <class T>
void lu_factor(Cpu, std::int64_t count, std::int64_t m, std::int64_t n, T* a, std::int32_t* pivots, std::int32_t* info, bool pivot) {
  const std::int64_t k = m < n ? m : n;
  parallel_for(count, linalg_grain(m * n * k), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) info[i] = lu_factor_one(m, n, a + i * m * n, pivots + i * k, pivot);
  });
}

/// For each matrix of a batch b [n, k] becomes the solution of a x = b, or of a^T x = b, from the factors of a. The factors of
/// one matrix serve them all where `shared`.
template <class T>
void lu_solve(Cpu, std::int64_t count, std::int64_t n, std::int64_t k, bool transposed, bool shared, const T* lu,
              const std::int32_t* pivots, T* b) {
  parallel_for(count, linalg_grain(n * n * k), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T* a = lu + (shared ? 0 : i * n * n);
      const std::int32_t* p = pivots + (shared ? 0 : i * n);
      T* x = b + i * n * k;
      const Triangle<T> lower{n, a, n, 1, false, true}, upper{n, a, n, 1, true, false};
      if (!transposed) exchange_rows(n, p, false, k, x);
      solve_triangle(transposed ? upper.transposed() : lower, k, x, k, std::int64_t{1});
      solve_triangle(transposed ? lower.transposed() : upper, k, x, k, std::int64_t{1});
      if (transposed) exchange_rows(n, p, true, k, x);
    }
  });
}

/// See LuLogDeterminant.
template <class T>
void lu_logdet(Cpu, std::int64_t count, const LuLogDeterminant<T>& a) {
  for (std::int64_t i = 0; i < count; ++i) a(i);
}
/// See LuDeterminant.
template <class T>
void lu_det(Cpu, std::int64_t count, const LuDeterminant<T>& a) {
  for (std::int64_t i = 0; i < count; ++i) a(i);
}

/// See ExchangeRows.
template <class T>
void exchange_all_rows(Cpu, std::int64_t count, const ExchangeRows<T>& a) {
  for (std::int64_t i = 0; i < count; ++i)
    exchange_rows(a.exchanges, a.pivots + i * a.exchanges, a.back, a.columns, a.x + i * a.rows * a.columns);
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
