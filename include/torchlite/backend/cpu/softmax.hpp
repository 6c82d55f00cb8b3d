// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/core/dtype.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y = e^x / sum e^x (Log: x - log sum e^x) along each row.
template <bool Log, class T>
void softmax_forward(Cpu, const RowLayout& rows, const T* x, T* y) {
  using R = register_t<T>;
  count_kernel("softmax_forward");
  parallel_for(rows.count(), rows.grain(), [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t n = rows.n, size = row_size(n);
    R* const v = scratch<R>(Scratch::partial, 2 * size);
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = rows.first(r);
      load_row(x + at, rows.inner, n, MaxReducer<R>::identity(), v);
      const R top = row_top(v, n);
      if constexpr (Log) {
        R* const e = v + size;
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < size; ++i) e[i] = exp_below_zero(v[i] - top);
        // First the top, then the logarithm: their sum would round off what distinguishes large elements.
        const R log_sum = static_cast<R>(math::log(sum_run(e, size)));
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < size; ++i) v[i] = (v[i] - top) - log_sum;
      } else {
        const R scale = static_cast<R>(1 / exponentiate_row(v, n, top));
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < size; ++i) v[i] *= scale;
      }
      store_row(v, n, y + at, rows.inner);
    }
  });
}

/// dx = y (g - sum g y) (Log: g - e^y sum g) along each row.
template <bool Log, class T>
void softmax_backward(Cpu, const RowLayout& rows, const T* y, const T* g, T* dx) {
  using R = register_t<T>;
  count_kernel("softmax_backward");
  parallel_for(rows.count(), rows.grain(), [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t n = rows.n, size = row_size(n);
    R* const v = scratch<R>(Scratch::partial, 3 * size);
    R *const w = v + size, *const p = w + size;
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = rows.first(r);
      load_row(y + at, rows.inner, n, R(0), v);
      load_row(g + at, rows.inner, n, R(0), w);
      if constexpr (Log) {
        const R sum = static_cast<R>(sum_run(w, size));
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < size; ++i) w[i] -= exp_below_zero(v[i]) * sum;
      } else {
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < size; ++i) p[i] = v[i] * w[i];
        const R sum = static_cast<R>(sum_run(p, size));
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < size; ++i) w[i] = v[i] * (w[i] - sum);
      }
      store_row(w, n, dx + at, rows.inner);
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
