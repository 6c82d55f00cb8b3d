// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/core/dtype.hpp>

#include <memory>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y = (x - mean) / sqrt(variance + eps) * weight + bias along dense rows; weight and bias [n] may be null. mean and rstd [rows] are
/// kept for backward.
template <class T>
void layer_norm_forward(Cpu, std::int64_t rows, std::int64_t n, double eps, const T* x, const T* weight, const T* bias, T* y,
                        register_t<T>* means, register_t<T>* rstds) {
  using R = register_t<T>;
  count_kernel("layer_norm_forward");
  parallel_for(rows, RowLayout{rows, n, 1}.grain(), [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t size = row_size(n);
    R* const buffer = scratch<R>(Scratch::partial, 4 * size);
    R *const w = buffer + 2 * size, *const b = w + size;
    if (weight != nullptr) load_row(weight, 1, n, R(0), w);
    else std::fill_n(w, size, R(1));
    if (bias != nullptr) load_row(bias, 1, n, R(0), b);
    else std::fill_n(b, size, R(0));
    for (std::int64_t r = begin; r < end; ++r) {
      // The filled-up end of the row is 0 for the sum and the mean for the squares, so that it adds to neither.
      BlockSum<R> total, squares;
      {
        const RowReader<T> in(x + r * n, 1, n, R(0), buffer);
        for (std::int64_t i = 0; i < size; i += row_block) total.add(in.at(i));
      }
      const R mean = static_cast<R>(total.sum() / static_cast<double>(n));
      const RowReader<T> in(x + r * n, 1, n, mean, buffer);
      for (std::int64_t i = 0; i < size; i += row_block) {
        const R* const v = in.at(i);
        alignas(64) R d[row_block];
        TORCHLITE_VECTORIZE
        for (int k = 0; k < row_block; ++k) d[k] = (v[k] - mean) * (v[k] - mean);
        squares.add(d);
      }
      const R rstd = static_cast<R>(1 / __builtin_sqrt(squares.sum() / static_cast<double>(n) + eps));
      RowWriter<T> out(y + r * n, 1, n, buffer + size);
      for (std::int64_t i = 0; i < size; i += row_block) {
        const R *const v = in.at(i), *const wi = w + i, *const bi = b + i;
        R* const to = out.at(i);
        TORCHLITE_VECTORIZE
        for (int k = 0; k < row_block; ++k) to[k] = (v[k] - mean) * rstd * wi[k] + bi[k];
      }
      out.finish();
      means[r] = mean;
      rstds[r] = rstd;
    }
  });
}

/// The gradients of the above; dx, dweight and dbias may be null.
template <class T>
void layer_norm_backward(Cpu, std::int64_t rows, std::int64_t n, const T* x, const T* weight, const register_t<T>* means,
                         const register_t<T>* rstds, const T* g, T* dx, T* dweight, T* dbias) {
  using R = register_t<T>;
  count_kernel("layer_norm_backward");
  // Sums over rows: each chunk of a fixed number of rows has its own, and they are added in order.
  const std::int64_t chunk = std::max<std::int64_t>(RowLayout{rows, n, 1}.grain(), (rows + 31) / 32), chunks = (rows + chunk - 1) / chunk;
  const std::unique_ptr<R[]> partial(new R[static_cast<std::size_t>(std::max<std::int64_t>(chunks, 1) * 2 * row_size(n))]());
  parallel_for(chunks, 1, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t size = row_size(n);
    R* const buffer = scratch<R>(Scratch::partial, 4 * size);
    R* const w = buffer + 3 * size;
    if (weight != nullptr) load_row(weight, 1, n, R(0), w);
    else std::fill_n(w, size, R(1));
    for (std::int64_t c = begin; c < end; ++c) {
      R *const sum_w = partial.get() + c * 2 * size, *const sum_b = sum_w + size;
      for (std::int64_t r = c * chunk; r < std::min(rows, (c + 1) * chunk); ++r) {
        const R mean = means[r], rstd = rstds[r];
        const RowReader<T> in(x + r * n, 1, n, mean, buffer), outer(g + r * n, 1, n, R(0), buffer + size);
        BlockSum<R> with_normal, alone;
        for (std::int64_t i = 0; i < size; i += row_block) {
          const R *const v = in.at(i), *const gi = outer.at(i), *const wi = w + i;
          R *const sw = sum_w + i, *const sb = sum_b + i;
          alignas(64) R products[row_block], weighted[row_block];
          TORCHLITE_VECTORIZE
          for (int k = 0; k < row_block; ++k) {
            const R normal = (v[k] - mean) * rstd;
            weighted[k] = gi[k] * wi[k];
            products[k] = weighted[k] * normal;
            sw[k] += gi[k] * normal;
            sb[k] += gi[k];
          }
          with_normal.add(products);
          alone.add(weighted);
        }
        if (dx == nullptr) continue;
        const R along = static_cast<R>(with_normal.sum() / static_cast<double>(n)),
                shift = static_cast<R>(alone.sum() / static_cast<double>(n));
        RowWriter<T> out(dx + r * n, 1, n, buffer + 2 * size);
        for (std::int64_t i = 0; i < size; i += row_block) {
          const R *const v = in.at(i), *const gi = outer.at(i), *const wi = w + i;
          R* const to = out.at(i);
          TORCHLITE_VECTORIZE
          for (int k = 0; k < row_block; ++k) to[k] = rstd * (gi[k] * wi[k] - shift - (v[k] - mean) * rstd * along);
        }
        out.finish();
      }
    }
  });
  const std::int64_t size = row_size(n);
  R* const total = partial.get();
  for (std::int64_t c = 1; c < chunks; ++c)
    for (std::int64_t i = 0; i < 2 * size; ++i) total[i] += total[c * 2 * size + i];
  if (dweight != nullptr) store_row(total, n, dweight, 1);
  if (dbias != nullptr) store_row(total + size, n, dbias, 1);
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
