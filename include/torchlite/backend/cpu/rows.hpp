// SPDX-License-Identifier: BSD-3-Clause
// What kernels over rows share: a row is copied into a buffer of register values, worked on by vectors, and copied back.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/reduce_run.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Dense memory [outer, n, inner] as outer * inner rows of n elements, which lie `inner` apart.
struct RowLayout {
  std::int64_t outer = 1, n = 1, inner = 1;

  std::int64_t count() const { return outer * inner; }
  std::int64_t first(std::int64_t row) const { return inner == 1 ? row * n : row / inner * n * inner + row % inner; }
  /// RowLayout that are worth a thread.
  std::int64_t grain() const { return std::max<std::int64_t>(1, 8192 / std::max<std::int64_t>(n, 1)); }
};

/// Elements of a row, rounded up so that loops over it need no tail.
constexpr std::int64_t row_size(std::int64_t n) { return (n + 15) & ~std::int64_t{15}; }

/// Copies a row into a dense buffer of row_size(n) register values; the tail is filled with `rest`.
template <class T, class R>
void load_row(const T* x, std::int64_t step, std::int64_t n, R rest, R* TORCHLITE_RESTRICT to) {
  std::int64_t i = 0;
  if (step == 1) {
    for (; i + 16 <= n; i += 16) {
      TORCHLITE_VECTORIZE
      for (int k = 0; k < 16; ++k) to[i + k] = static_cast<R>(x[i + k]);
    }
  }
  for (; i < n; ++i) to[i] = static_cast<R>(x[i * step]);
  for (; i < row_size(n); ++i) to[i] = rest;
}

template <class T, class R>
void store_row(const R* TORCHLITE_RESTRICT from, std::int64_t n, T* y, std::int64_t step) {
  std::int64_t i = 0;
  if (step == 1) {
    for (; i + 16 <= n; i += 16) {
      TORCHLITE_VECTORIZE
      for (int k = 0; k < 16; ++k) y[i + k] = static_cast<T>(from[i + k]);
    }
  }
  for (; i < n; ++i) y[i * step] = static_cast<T>(from[i]);
}

/// e^d for d <= 0 (and a little above). What would be denormal is 0: such results cost a hundred cycles each, and rows that are masked or padded
/// with -inf are full of them.
template <class R>
TORCHLITE_INLINE R exp_below_zero(R d) {
  constexpr R lowest = std::is_same_v<R, float> ? R(-87) : R(-700);
  return math::select(d < lowest, R(0), math::portable::exp_moderate(math::max(d, lowest)));
}

/// v[i] = e^(v[i] - top) in a row buffer; the sum.
template <class R>
double exponentiate_row(R* v, std::int64_t n, R top) {
  const std::int64_t size = row_size(n);
  TORCHLITE_VECTORIZE
  for (std::int64_t i = 0; i < size; ++i) v[i] = exp_below_zero(v[i] - top);
  return sum_run(v, size);
}

/// The largest element of a row buffer whose tail is -inf; 0 if it is infinite, for it is about to be subtracted.
template <class R>
R row_top(const R* v, std::int64_t n) {
  R top = MaxReducer<R>::identity();
  for (std::int64_t i = 0; i < row_size(n); i += 256)
    top = math::max(top, reduce_run<MaxReducer<R>>(v + i, std::min<std::int64_t>(256, row_size(n) - i)));
  return top == MaxReducer<R>::identity() ? R(0) : top;
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
