// SPDX-License-Identifier: BSD-3-Clause
// Systems with a triangular matrix, by blocks: what lies outside the blocks of the diagonal is matrix products.
#pragma once
#include <torchlite/backend/cpu/gemm.hpp>
#include <torchlite/backend/cpu/linalg/scalar.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// An n x n triangular matrix in memory of any strides; what lies in the other triangle is not read, nor is the diagonal if it
/// is taken as ones.
template <class T>
struct Triangle {
  std::int64_t n;
  const T* a;
  std::int64_t row, col;
  bool upper, unit;

  T at(std::int64_t i, std::int64_t j) const { return a[i * row + j * col]; }
  Triangle transposed() const { return {n, a, col, row, !upper, unit}; }
};

/// c -= a b.
template <class T>
void subtract_product(std::int64_t m, std::int64_t n, std::int64_t k, const T* a, std::int64_t a_row, std::int64_t a_col, const T* b,
                      std::int64_t b_row, std::int64_t b_col, T* c, std::int64_t c_row, std::int64_t c_col) {
  if (m <= 0 || n <= 0 || k <= 0) return;
  GemmArguments<T> g;
  g.m = m, g.n = n, g.k = k;
  g.a = a, g.a_row = a_row, g.a_col = a_col;
  g.b = b, g.b_row = b_row, g.b_col = b_col;
  g.c = c, g.c_row = c_row, g.c_col = c_col;
  g.alpha = -1, g.beta = 1;
  gemm(Cpu{}, g);
}

/// b becomes t^-1 b for rows [i0, i1) of t and b only, with `k` columns.
template <class T>
void solve_diagonal_block(const Triangle<T>& t, std::int64_t i0, std::int64_t i1, std::int64_t k, T* b, std::int64_t b_row,
                          std::int64_t b_col) {
  for (std::int64_t step = 0; step < i1 - i0; ++step) {
    const std::int64_t i = t.upper ? i1 - 1 - step : i0 + step;
    const std::int64_t first = t.upper ? i + 1 : i0, last = t.upper ? i1 : i;
    T* row = b + i * b_row;
    for (std::int64_t s = first; s < last; ++s) {
      const T factor = t.at(i, s);
      const T* other = b + s * b_row;
      if (b_col == 1) {
        add_multiple(k, T(-factor), other, row);
      } else {
        for (std::int64_t c = 0; c < k; ++c) row[c * b_col] -= factor * other[c * b_col];
      }
    }
    if (t.unit) continue;
    const T pivot = t.at(i, i);
    for (std::int64_t c = 0; c < k; ++c) row[c * b_col] /= pivot;
  }
}

/// b [n, k] becomes t^-1 b; a zero on the diagonal gives infinities and NaNs.
template <class T>
void solve_triangle(const Triangle<T>& t, std::int64_t k, T* b, std::int64_t b_row, std::int64_t b_col) {
  constexpr std::int64_t block = 48;
  const std::int64_t blocks = (t.n + block - 1) / block;
  for (std::int64_t q = 0; q < blocks; ++q) {
    const std::int64_t at = t.upper ? blocks - 1 - q : q, i0 = at * block, i1 = i0 + block < t.n ? i0 + block : t.n;
    solve_diagonal_block(t, i0, i1, k, b, b_row, b_col);
    const std::int64_t r0 = t.upper ? 0 : i1, r1 = t.upper ? i0 : t.n;
    subtract_product(r1 - r0, k, i1 - i0, t.a + r0 * t.row + i0 * t.col, t.row, t.col, b + i0 * b_row, b_row, b_col, b + r0 * b_row, b_row,
                     b_col);
  }
}

/// For each matrix of the batch b [n, k] becomes a^-1 b, both dense; one matrix a serves them all where a_batch is 0.
template <class T>
void solve_triangles(Cpu, std::int64_t count, std::int64_t n, std::int64_t k, bool upper, bool unit, const T* a, std::int64_t a_batch,
                     T* b) {
  parallel_for(count, linalg_grain(n * n * k), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      solve_triangle(Triangle<T>{n, a + i * a_batch, n, 1, upper, unit}, k, b + i * n * k, k, std::int64_t{1});
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
