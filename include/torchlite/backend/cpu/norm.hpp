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
    R* const v = scratch<R>(Scratch::partial, 4 * size);
    R *const squares = v + size, *const w = squares + size, *const b = w + size;
    if (weight != nullptr) load_row(weight, 1, n, R(0), w);
    else std::fill_n(w, size, R(1));
    if (bias != nullptr) load_row(bias, 1, n, R(0), b);
    else std::fill_n(b, size, R(0));
    for (std::int64_t r = begin; r < end; ++r) {
      load_row(x + r * n, 1, n, R(0), v);
      const R mean = static_cast<R>(sum_run(v, n) / static_cast<double>(n));
      TORCHLITE_VECTORIZE
      for (std::int64_t i = 0; i < size; ++i) {
        v[i] -= mean;
        squares[i] = v[i] * v[i];
      }
      const R rstd = static_cast<R>(1 / __builtin_sqrt(sum_run(squares, n) / static_cast<double>(n) + eps));
      TORCHLITE_VECTORIZE
      for (std::int64_t i = 0; i < size; ++i) v[i] = v[i] * rstd * w[i] + b[i];
      store_row(v, n, y + r * n, 1);
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
    R* const v = scratch<R>(Scratch::partial, 5 * size);
    R *const gv = v + size, *const gw = gv + size, *const products = gw + size, *const w = products + size;
    if (weight != nullptr) load_row(weight, 1, n, R(0), w);
    else std::fill_n(w, size, R(1));
    for (std::int64_t c = begin; c < end; ++c) {
      R *const sum_w = partial.get() + c * 2 * size, *const sum_b = sum_w + size;
      for (std::int64_t r = c * chunk; r < std::min(rows, (c + 1) * chunk); ++r) {
        const R mean = means[r], rstd = rstds[r];
        load_row(x + r * n, 1, n, mean, v);
        load_row(g + r * n, 1, n, R(0), gv);
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < size; ++i) {
          const R normal = (v[i] - mean) * rstd;
          v[i] = normal;
          gw[i] = gv[i] * w[i];
          products[i] = gw[i] * normal;
          sum_w[i] += gv[i] * normal;
          sum_b[i] += gv[i];
        }
        if (dx == nullptr) continue;
        const R along = static_cast<R>(sum_run(products, n) / static_cast<double>(n)),
                shift = static_cast<R>(sum_run(gw, n) / static_cast<double>(n));
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < size; ++i) v[i] = rstd * (gw[i] - shift - v[i] * along);
        store_row(v, n, dx + r * n, 1);
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
