// SPDX-License-Identifier: BSD-3-Clause
// Matrix times vector: reads the matrix once, in the order in which it lies in memory.
#pragma once
#include <torchlite/backend/cpu/gemm_element.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/gemm.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y[i] = epilogue(alpha * sum_p a[i, p] x[p] + beta * y[i] + bias[i] + shared[0]), a [m, k].
template <class T>
struct GemvArguments {
  using A = register_t<T>;

  std::int64_t m, k;
  const T* a;
  std::int64_t a_row, a_col;
  const T* x;
  std::int64_t x_step;
  T* y;
  std::int64_t y_step;
  A alpha, beta;
  const T* bias;
  std::int64_t bias_step;
  const T* shared;
  Epilogue epilogue;

  void finish(std::int64_t i, A sum) const {
    A value = alpha * sum;
    if (beta != A(0)) value += beta * static_cast<A>(y[i * y_step]);
    if (bias) value += static_cast<A>(bias[i * bias_step]);
    if (shared) value += static_cast<A>(*shared);
    y[i * y_step] = static_cast<T>(epilogue == Epilogue::relu && value < A(0) ? A(0) : value);
  }
};

// A matrix is read once, mostly from memory: every line is asked for so many elements early, beyond what the processor foresees.
inline constexpr std::int64_t gemv_ahead = 256;

// Rows of dense elements: R dot products at a time share the loads of x; two accumulators each hide the latency of the adds.
template <class T, int R>
void gemv_dots(const GemvArguments<T>& g, std::int64_t row) {
  using P = gemm_packed_t<T>;
  using A = register_t<T>;
  constexpr int lanes = vector_lanes<A>, step = vector_lanes<P> * PackedElement<P>::steps;
  vector_register<A> low[R] = {}, high[R] = {};
  const T* a[R];
  unrolled<R>([&](auto r) __attribute__((always_inline)) { a[decltype(r)::value] = g.a + (row + decltype(r)::value) * g.a_row; });
  std::int64_t p = 0;
  for (; p + 2 * step <= g.k; p += 2 * step) {
    const vector_register<P> x = load_packed<P>(g.x + p), x2 = load_packed<P>(g.x + p + step);
    unrolled<R>([&](auto r) __attribute__((always_inline)) {
      constexpr int i = decltype(r)::value;
      __builtin_prefetch(a[i] + p + gemv_ahead);
      __builtin_prefetch(a[i] + p + gemv_ahead + step);
      low[i] = multiply_add<P>(low[i], load_packed<P>(a[i] + p), x);
      high[i] = multiply_add<P>(high[i], load_packed<P>(a[i] + p + step), x2);
    });
  }
  unrolled<R>([&](auto r) __attribute__((always_inline)) {
    constexpr int i = decltype(r)::value;
    A parts[lanes];
    store_vector(parts, low[i] + high[i]);
    A sum = 0;
    for (std::int64_t q = p; q < g.k; ++q) sum += static_cast<A>(a[i][q]) * static_cast<A>(g.x[q]);
    for (int half = lanes / 2; half > 0; half /= 2)
      for (int q = 0; q < half; ++q) parts[q] += parts[q + half];
    g.finish(row + i, parts[0] + sum);
  });
}

template <class T>
void gemv_rows(const GemvArguments<T>& g, std::int64_t begin, std::int64_t end) {
  std::int64_t row = begin;
  for (; row + 4 <= end; row += 4) gemv_dots<T, 4>(g, row);
  for (; row < end; ++row) gemv_dots<T, 1>(g, row);
}

// sums[i] += a[i] x0 + a1[i] x1 + a2[i] x2 + a3[i] x3, which are added in this order, or two and two where pairs are multiplied.
template <class T>
void gemv_four_columns(const T* a, std::int64_t a_col, std::int64_t count, T x0, T x1, T x2, T x3, register_t<T>* sums) {
  using A = register_t<T>;
  using P = gemm_packed_t<T>;
  constexpr int lanes = vector_lanes<A>;
  const T *a1 = a + a_col, *a2 = a1 + a_col, *a3 = a2 + a_col;
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    auto sum = load_vector(sums + i);
    if constexpr (std::is_same_v<P, Bfloat16Pair>) {
      sum = multiply_add<P>(sum, load_pairs(gemm_stored(a + i), gemm_stored(a1 + i)), make_pair_of(x0.bits, x1.bits));
      sum = multiply_add<P>(sum, load_pairs(gemm_stored(a2 + i), gemm_stored(a3 + i)), make_pair_of(x2.bits, x3.bits));
    } else {
      sum = multiply_add<P>(sum, load_packed<P>(a + i), static_cast<A>(x0));
      sum = multiply_add<P>(sum, load_packed<P>(a1 + i), static_cast<A>(x1));
      sum = multiply_add<P>(sum, load_packed<P>(a2 + i), static_cast<A>(x2));
      sum = multiply_add<P>(sum, load_packed<P>(a3 + i), static_cast<A>(x3));
    }
    store_vector(sums + i, sum);
  }
  const auto product = [](T x, const T* column, std::int64_t at) { return static_cast<A>(column[at]) * static_cast<A>(x); };
  for (; i < count; ++i) sums[i] = product(x3, a3, i) + (product(x2, a2, i) + (product(x1, a1, i) + (product(x0, a, i) + sums[i])));
}

// Dense columns: a block of y stays in the L1 cache while four columns at a time are added to it.
template <class T>
void gemv_columns(const GemvArguments<T>& g, std::int64_t begin, std::int64_t end) {
  using A = register_t<T>;
  constexpr std::int64_t block = 4096;
  alignas(64) A sums[block];
  for (std::int64_t row = begin; row < end; row += block) {
    const std::int64_t count = std::min(block, end - row);
    for (std::int64_t i = 0; i < count; ++i) sums[i] = A(0);
    std::int64_t p = 0;
    const auto x = [&g](std::int64_t at) { return g.x[at * g.x_step]; };
    for (; p + 4 <= g.k; p += 4) gemv_four_columns(g.a + row + p * g.a_col, g.a_col, count, x(p), x(p + 1), x(p + 2), x(p + 3), sums);
    for (; p < g.k; ++p) {
      const T* a = g.a + row + p * g.a_col;
      const A factor = static_cast<A>(x(p));
      for (std::int64_t i = 0; i < count; ++i) sums[i] += static_cast<A>(a[i]) * factor;
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
