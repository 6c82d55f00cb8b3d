// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/core/dtype.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y = (x - mean) / sqrt(variance + eps) * weight + bias along dense rows; weight and bias [n] may be null. mean and rstd [rows] are
/// kept for backward.
template <class T>
void layer_norm_forward(Cpu, std::int64_t rows, std::int64_t n, double eps, const T* x, const T* weight, const T* bias, T* y,
                        register_t<T>* means, register_t<T>* rstds) {
  using R = register_t<T>;
  using V = vector_register<R>;
  count_kernel("layer_norm_forward");
  parallel_for(rows, RowLayout{rows, n, 1}.grain(), [&](std::int64_t begin, std::int64_t end) {
    R* const buffer = scratch<R>(Scratch::partial, 4 * n);
    const R *const w = read_row_or(weight, R(1), n, buffer), *const b = read_row_or(bias, R(0), n, buffer + n);
    for (std::int64_t r = begin; r < end; ++r) {
      const R* const from = read_row(x + r * n, 1, n, buffer + 2 * n);
      R* const to = row_target(y + r * n, 1, buffer + 3 * n);
      double total[1], squares[1];
      sum_rows<R>(
          total, n, [&](auto& sums, std::int64_t i, auto access) __attribute__((always_inline)) { sums[0] += access.load(from + i); });
      const R mean = static_cast<R>(total[0] / static_cast<double>(n));
      sum_rows<R>(
          squares, n, [&](auto& sums, std::int64_t i, auto access) __attribute__((always_inline)) {
            const V d = access.load(from + i, mean) - mean;
            sums[0] += d * d;
          });
      const R rstd = static_cast<R>(1 / __builtin_sqrt(squares[0] / static_cast<double>(n) + eps));
      each_vector<R>(
          0, n, [&](auto, std::int64_t i, auto access) __attribute__((always_inline)) {
            const V normal = (access.load(from + i) - mean) * rstd;
            access.store(to + i, normal * access.load(w + i) + access.load(b + i));
          });
      write_row(to, n, y + r * n, 1);
      means[r] = mean;
      rstds[r] = rstd;
    }
  });
}

/// What layer_norm_backward reads and writes; dx may be null.
template <class T>
struct LayerNormBackward {
  std::int64_t n;
  const T* x;
  const register_t<T>*means, *rstds;
  const T* g;
  T* dx;
};

/// The gradients of Rows rows from `first` on: dx, and what they add to the gradients of weight and bias; several rows share one reading and
/// writing of those sums. buffer: 3 * Rows * n elements.
template <int Rows, class T, class R = register_t<T>>
void layer_norm_backward_rows(const LayerNormBackward<T>& a, std::int64_t first, const R* w, R* sum_w, R* sum_b, R* buffer) {
  using V = vector_register<R>;
  const std::int64_t n = a.n;
  const R *x[Rows], *g[Rows];
  R mean[Rows], rstd[Rows];
  for (int j = 0; j < Rows; ++j) {
    const std::int64_t at = (first + j) * n;
    x[j] = read_row(a.x + at, 1, n, buffer + 3 * j * n);
    g[j] = read_row(a.g + at, 1, n, buffer + (3 * j + 1) * n);
    mean[j] = a.means[first + j], rstd[j] = a.rstds[first + j];
  }
  double total[2 * Rows];
  sum_rows<R>(
      total, n, [&](auto& sums, std::int64_t i, auto access) __attribute__((always_inline)) {
        const V wi = access.load(w + i);
        V sw = access.load(sum_w + i), sb = access.load(sum_b + i);
        unrolled<Rows>([&](auto row) __attribute__((always_inline)) {
          constexpr int j = decltype(row)::value;
          const V normal = (access.load(x[j] + i) - mean[j]) * rstd[j], gi = access.load(g[j] + i), weighted = gi * wi;
          sums[2 * j] += weighted * normal;
          sums[2 * j + 1] += weighted;
          sw += gi * normal;
          sb += gi;
        });
        access.store(sum_w + i, sw);
        access.store(sum_b + i, sb);
      });
  if (a.dx == nullptr) return;
  for (int j = 0; j < Rows; ++j) {
    T* const dx = a.dx + (first + j) * n;
    R* const to = row_target(dx, 1, buffer + (3 * j + 2) * n);
    const R slope = static_cast<R>(total[2 * j] / static_cast<double>(n)) * rstd[j] * rstd[j],
            shift = static_cast<R>(total[2 * j + 1] / static_cast<double>(n)) * rstd[j];
    each_vector<R>(
        0, n, [&](auto, std::int64_t i, auto access) __attribute__((always_inline)) {
          access.store(to + i, access.load(g[j] + i) * access.load(w + i) * rstd[j] - ((access.load(x[j] + i) - mean[j]) * slope + shift));
        });
    write_row(to, n, dx, 1);
  }
}

/// The gradients of layer_norm_forward; dx, dweight and dbias may be null.
template <class T>
void layer_norm_backward(Cpu, std::int64_t rows, std::int64_t n, const T* x, const T* weight, const register_t<T>* means,
                         const register_t<T>* rstds, const T* g, T* dx, T* dweight, T* dbias) {
  using R = register_t<T>;
  count_kernel("layer_norm_backward");
  const LayerNormBackward<T> a{n, x, means, rstds, g, dx};
  // Sums over rows: each chunk of a fixed number of rows has its own, and they are added in order.
  constexpr int together = 2;
  const std::int64_t chunk = std::max<std::int64_t>({32, RowLayout{rows, n, 1}.grain(), (rows + 31) / 32}),
                     chunks = std::max<std::int64_t>(1, (rows + chunk - 1) / chunk);
  R* const partial = scratch<R>(Scratch::sums, chunks * 2 * n);
  parallel_for(chunks, 1, [&](std::int64_t begin, std::int64_t end) {
    R* const buffer = scratch<R>(Scratch::partial, (3 * together + 1) * n);
    const R* const w = read_row_or(weight, R(1), n, buffer + 3 * together * n);
    for (std::int64_t c = begin; c < end; ++c) {
      R *const sum_w = partial + c * 2 * n, *const sum_b = sum_w + n;
      std::fill_n(sum_w, 2 * n, R(0));
      const std::int64_t last = std::min(rows, (c + 1) * chunk);
      std::int64_t r = c * chunk;
      for (; r + together <= last; r += together) layer_norm_backward_rows<together>(a, r, w, sum_w, sum_b, buffer);
      if (r < last) layer_norm_backward_rows<1>(a, r, w, sum_w, sum_b, buffer);
    }
  });
  for (std::int64_t c = 1; c < chunks; ++c) {
    const R* const other = partial + c * 2 * n;
    each_vector<R>(
        0, 2 * n, [&](auto, std::int64_t i, auto access) __attribute__((always_inline)) {
          access.store(partial + i, access.load(partial + i) + access.load(other + i));
        });
  }
  if (dweight != nullptr) write_row(partial, n, dweight, 1);
  if (dbias != nullptr) write_row(partial + n, n, dbias, 1);
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
