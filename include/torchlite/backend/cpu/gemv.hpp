// SPDX-License-Identifier: BSD-3-Clause
// Matrix times vector: reads the matrix once, in the order in which it lies in memory.
#pragma once
#include <torchlite/backend/cpu/gemm_kernel.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/gemm.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y[i] = epilogue(alpha * sum_p a[i, p] x[p] + beta * y[i] + bias[i] + shared[0]), a [m, k].
template <class T>
struct GemvArguments {
  std::int64_t m, k;
  const T* a;
  std::int64_t a_row, a_col;
  const T* x;
  std::int64_t x_step;
  T* y;
  std::int64_t y_step;
  T alpha, beta;
  const T* bias;
  std::int64_t bias_step;
  const T* shared;
  Epilogue epilogue;

  void finish(std::int64_t i, T sum) const {
    T value = alpha * sum;
    if (beta != T(0)) value += beta * y[i * y_step];
    if (bias) value += bias[i * bias_step];
    if (shared) value += *shared;
    y[i * y_step] = epilogue == Epilogue::relu && value < T(0) ? T(0) : value;
  }
};

// Rows of dense elements: R dot products at a time share the loads of x; two accumulators each hide the latency of the adds.
template <class T, int R>
void gemv_dots(const GemvArguments<T>& g, std::int64_t row) {
  using Register = vector_register<T>;
  constexpr int lanes = vector_lanes<T>;
  Register low[R] = {}, high[R] = {};
  const T* a[R];
  unrolled<R>([&](auto r) __attribute__((always_inline)) { a[decltype(r)::value] = g.a + (row + decltype(r)::value) * g.a_row; });
  std::int64_t p = 0;
  for (; p + 2 * lanes <= g.k; p += 2 * lanes) {
    const Register x = load_vector(g.x + p), x2 = load_vector(g.x + p + lanes);
    unrolled<R>([&](auto r) __attribute__((always_inline)) {
      constexpr int i = decltype(r)::value;
      low[i] = load_vector(a[i] + p) * x + low[i];
      high[i] = load_vector(a[i] + p + lanes) * x2 + high[i];
    });
  }
  unrolled<R>([&](auto r) __attribute__((always_inline)) {
    constexpr int i = decltype(r)::value;
    T parts[lanes];
    store_vector(parts, low[i] + high[i]);
    T sum = 0;
    for (std::int64_t q = p; q < g.k; ++q) sum += a[i][q] * g.x[q];
    for (int step = lanes / 2; step > 0; step /= 2)
      for (int q = 0; q < step; ++q) parts[q] += parts[q + step];
    g.finish(row + i, parts[0] + sum);
  });
}

template <class T>
void gemv_rows(const GemvArguments<T>& g, std::int64_t begin, std::int64_t end) {
  std::int64_t row = begin;
  for (; row + 4 <= end; row += 4) gemv_dots<T, 4>(g, row);
  for (; row < end; ++row) gemv_dots<T, 1>(g, row);
}

// Dense columns: a block of y stays in the L1 cache while four columns at a time are added to it.
template <class T>
void gemv_columns(const GemvArguments<T>& g, std::int64_t begin, std::int64_t end) {
  constexpr std::int64_t block = 1024;
  constexpr int lanes = vector_lanes<T>;
  alignas(64) T sums[block];
  for (std::int64_t row = begin; row < end; row += block) {
    const std::int64_t count = std::min(block, end - row);
    for (std::int64_t i = 0; i < count; ++i) sums[i] = T(0);
    std::int64_t p = 0;
    for (; p + 4 <= g.k; p += 4) {
      const T* a = g.a + row + p * g.a_col;
      const T *a1 = a + g.a_col, *a2 = a1 + g.a_col, *a3 = a2 + g.a_col;
      const T x0 = g.x[p * g.x_step], x1 = g.x[(p + 1) * g.x_step], x2 = g.x[(p + 2) * g.x_step], x3 = g.x[(p + 3) * g.x_step];
      std::int64_t i = 0;
      for (; i + lanes <= count; i += lanes) {
        auto sum = load_vector(sums + i);
        sum = load_vector(a + i) * x0 + sum;
        sum = load_vector(a1 + i) * x1 + sum;
        sum = load_vector(a2 + i) * x2 + sum;
        sum = load_vector(a3 + i) * x3 + sum;
        store_vector(sums + i, sum);
      }
      for (; i < count; ++i) sums[i] = a3[i] * x3 + (a2[i] * x2 + (a1[i] * x1 + (a[i] * x0 + sums[i])));
    }
    for (; p < g.k; ++p) {
      const T* a = g.a + row + p * g.a_col;
      const T x0 = g.x[p * g.x_step];
      for (std::int64_t i = 0; i < count; ++i) sums[i] += a[i] * x0;
    }
    for (std::int64_t i = 0; i < count; ++i) g.finish(row + i, sums[i]);
  }
}

/// Computes g if its matrix has dense rows or columns; false if it has neither.
template <class T>
bool gemv(const GemvArguments<T>& g) {
  const bool dots = g.a_col == 1 && g.x_step == 1;
  if (!dots && g.a_row != 1) return false;
  // Ranges in units of 64 rows: which rows share a loop does not depend on the number of threads.
  const std::int64_t unit = 64, units = (g.m + unit - 1) / unit;
  parallel_for(units, std::max<std::int64_t>(1, 65536 / (unit * g.k + 1)), [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = begin * unit, last = std::min(g.m, end * unit);
    if (dots) gemv_rows(g, first, last);
    else gemv_columns(g, first, last);
  });
  return true;
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
