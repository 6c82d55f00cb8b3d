// SPDX-License-Identifier: BSD-3-Clause
// What kernels over rows share: rows are read and written by blocks of register values.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/reduce_run.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

#include <cstring>

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

/// Rows are worked on by blocks of this many elements, so that no loop needs a tail.
inline constexpr int row_block = 16;
constexpr std::int64_t row_size(std::int64_t n) { return (n + row_block - 1) & ~std::int64_t{row_block - 1}; }

/// Copies a row into a dense buffer of row_size(n) register values; the tail is filled with `rest`.
template <class T, class R>
void load_row(const T* x, std::int64_t step, std::int64_t n, R rest, R* TORCHLITE_RESTRICT to) {
  std::int64_t i = 0;
  if constexpr (std::is_same_v<T, R>) {
    if (step == 1) {
      std::memcpy(to, x, static_cast<std::size_t>(n) * sizeof(R));
      i = n;
    }
  } else if (step == 1) {
    for (; i + row_block <= n; i += row_block) {
      TORCHLITE_VECTORIZE
      for (int k = 0; k < row_block; ++k) to[i + k] = static_cast<R>(x[i + k]);
    }
  }
  for (; i < n; ++i) to[i] = static_cast<R>(x[i * step]);
  for (; i < row_size(n); ++i) to[i] = rest;
}

template <class T, class R>
void store_row(const R* TORCHLITE_RESTRICT from, std::int64_t n, T* y, std::int64_t step) {
  std::int64_t i = 0;
  if constexpr (std::is_same_v<T, R>) {
    if (step == 1) return static_cast<void>(std::memcpy(y, from, static_cast<std::size_t>(n) * sizeof(R)));
  } else if (step == 1) {
    for (; i + row_block <= n; i += row_block) {
      TORCHLITE_VECTORIZE
      for (int k = 0; k < row_block; ++k) y[i + k] = static_cast<T>(from[i + k]);
    }
  }
  for (; i < n; ++i) y[i * step] = static_cast<T>(from[i]);
}

/// A row as blocks of register values: pointers into the row itself where it holds them side by side, else into a copy. The
/// last block is filled up with `rest`.
template <class T>
class RowReader {
 public:
  using R = register_t<T>;

  /// buffer: good for row_size(n) elements; written if a copy is needed.
  RowReader(const T* x, std::int64_t step, std::int64_t n, R rest, R* buffer) : data_(buffer), full_(row_size(n)) {
    if constexpr (std::is_same_v<T, R>) {
      if (step == 1) {
        data_ = x;
        full_ = n & ~std::int64_t{row_block - 1};
        for (std::int64_t i = full_; i < row_size(n); ++i) tail_[i - full_] = i < n ? x[i] : rest;
        return;
      }
    }
    load_row(x, step, n, rest, buffer);
  }
  /// Elements [i, i + row_block), i being a multiple of it.
  TORCHLITE_INLINE const R* at(std::int64_t i) const { return i < full_ ? data_ + i : tail_; }

 private:
  const R* data_;
  std::int64_t full_;
  R tail_[row_block];
};

/// The same for a row that is written; finish() writes what had no place in memory.
template <class T>
class RowWriter {
 public:
  using R = register_t<T>;

  RowWriter(T* y, std::int64_t step, std::int64_t n, R* buffer) : y_(y), step_(step), n_(n), data_(buffer), full_(row_size(n)) {
    if constexpr (std::is_same_v<T, R>) {
      if (step == 1) {
        data_ = y;
        full_ = n & ~std::int64_t{row_block - 1};
      }
    }
  }
  TORCHLITE_INLINE R* at(std::int64_t i) { return i < full_ ? data_ + i : tail_; }
  void finish() {
    if constexpr (std::is_same_v<T, R>) {
      if (step_ == 1) {
        for (std::int64_t i = full_; i < n_; ++i) y_[i] = tail_[i - full_];
        return;
      }
    }
    store_row(data_, n_, y_, step_);
  }

 private:
  T* y_;
  std::int64_t step_, n_;
  R* data_;
  std::int64_t full_;
  R tail_[row_block];
};

/// The sum of blocks: by vectors within 16 blocks, in double beyond.
template <class R>
class BlockSum {
 public:
  TORCHLITE_INLINE void add(const R* block) {
    unrolled<registers>([&](auto j) __attribute__((always_inline)) {
      constexpr int r = decltype(j)::value;
      lanes_[r] += load_vector(block + r * vector_lanes<R>);
    });
    if (++blocks_ == 16) flush();
  }
  double sum() {
    flush();
    return total_;
  }

 private:
  static constexpr int registers = row_block / vector_lanes<R>;

  TORCHLITE_INLINE void flush() {
    R v[row_block];
    unrolled<registers>([&](auto j) __attribute__((always_inline)) {
      constexpr int r = decltype(j)::value;
      store_vector(v + r * vector_lanes<R>, lanes_[r]);
      lanes_[r] = vector_register<R>{};
    });
    total_ += static_cast<double>(sum_of_block(v));
    blocks_ = 0;
  }

  vector_register<R> lanes_[registers] = {};
  double total_ = 0;
  int blocks_ = 0;
};

/// e^d for d <= 0 (and a little above). What would be denormal is 0: such results cost a hundred cycles each, and rows that are masked or padded
/// with -inf are full of them.
template <class R>
TORCHLITE_INLINE R exp_below_zero(R d) {
  constexpr R lowest = std::is_same_v<R, float> ? R(-87) : R(-700);
  return math::select(d < lowest, R(0), math::portable::exp_moderate(math::max(d, lowest)));
}

/// The largest element of a row; 0 if it is infinite, for it is about to be subtracted. A NaN counts or does not: the
/// powers that follow show it.
template <class T>
register_t<T> row_top(const RowReader<T>& row, std::int64_t size) {
  using R = register_t<T>;
  constexpr int lanes = vector_lanes<R>, registers = row_block / lanes;
  // Four maxima side by side hide the latency of one.
  vector_register<R> best[4][registers];
  const vector_register<R> lowest = vector_register<R>{} + MaxReducer<R>::identity();
  for (auto& b : best)
    for (auto& v : b) v = lowest;
  const auto add = [&](vector_register<R>(&b)[registers], const R* block) __attribute__((always_inline)) {
    unrolled<registers>([&](auto j) __attribute__((always_inline)) {
      constexpr int r = decltype(j)::value;
      const vector_register<R> v = load_vector(block + r * lanes);
      b[r] = v > b[r] ? v : b[r];
    });
  };
  std::int64_t i = 0;
  for (; i + 4 * row_block <= size; i += 4 * row_block)
    unrolled<4>([&](auto k) __attribute__((always_inline)) {
      constexpr int at = decltype(k)::value;
      add(best[at], row.at(i + at * row_block));
    });
  for (; i < size; i += row_block) add(best[0], row.at(i));
  for (int k = 1; k < 4; ++k)
    for (int r = 0; r < registers; ++r) best[0][r] = best[k][r] > best[0][r] ? best[k][r] : best[0][r];
  for (int r = 1; r < registers; ++r) best[0][0] = best[0][r] > best[0][0] ? best[0][r] : best[0][0];
  R top = best[0][0][0];
  for (int k = 1; k < lanes; ++k) top = best[0][0][k] > top ? best[0][0][k] : top;
  return top == MaxReducer<R>::identity() ? R(0) : top;
}

/// The sum of e^(x - top) over a row; each block of the powers goes to keep(i, powers).
template <class T, class Keep>
TORCHLITE_INLINE double exponential_sum(const RowReader<T>& row, std::int64_t size, register_t<T> top, Keep keep) {
  using R = register_t<T>;
  BlockSum<R> sum;
  for (std::int64_t i = 0; i < size; i += row_block) {
    const R* const x = row.at(i);
    alignas(64) R e[row_block];
    TORCHLITE_VECTORIZE
    for (int k = 0; k < row_block; ++k) e[k] = exp_below_zero(x[k] - top);
    sum.add(e);
    keep(i, e);
  }
  return sum.sum();
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
