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
    R* const buffer = scratch<R>(Scratch::partial, 2 * size);
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = rows.first(r);
      const RowReader<T> in(x + at, rows.inner, n, MaxReducer<R>::identity(), buffer);
      RowWriter<T> out(y + at, rows.inner, n, buffer + size);
      const R top = row_top(in, size);
      if constexpr (Log) {
        // First the top, then the logarithm: their sum would round off what distinguishes large elements.
        const R log_sum = static_cast<R>(math::log(exponential_sum(in, size, top, [](std::int64_t, const R*) {})));
        for (std::int64_t i = 0; i < size; i += row_block) {
          const R* const from = in.at(i);
          R* const to = out.at(i);
          TORCHLITE_VECTORIZE
          for (int k = 0; k < row_block; ++k) to[k] = (from[k] - top) - log_sum;
        }
      } else {
        const double sum = exponential_sum(in, size, top, [&](std::int64_t i, const R* e) {
          R* const to = out.at(i);
          TORCHLITE_VECTORIZE
          for (int k = 0; k < row_block; ++k) to[k] = e[k];
        });
        const R scale = static_cast<R>(1 / sum);
        for (std::int64_t i = 0; i < size; i += row_block) {
          R* const to = out.at(i);
          TORCHLITE_VECTORIZE
          for (int k = 0; k < row_block; ++k) to[k] *= scale;
        }
      }
      out.finish();
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
    R* const buffer = scratch<R>(Scratch::partial, 3 * size);
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = rows.first(r);
      const RowReader<T> values(y + at, rows.inner, n, R(0), buffer), outer(g + at, rows.inner, n, R(0), buffer + size);
      RowWriter<T> out(dx + at, rows.inner, n, buffer + 2 * size);
      BlockSum<R> total;
      for (std::int64_t i = 0; i < size; i += row_block) {
        const R *const v = values.at(i), *const w = outer.at(i);
        alignas(64) R p[row_block];
        TORCHLITE_VECTORIZE
        for (int k = 0; k < row_block; ++k) p[k] = Log ? w[k] : v[k] * w[k];
        total.add(p);
      }
      const R sum = static_cast<R>(total.sum());
      for (std::int64_t i = 0; i < size; i += row_block) {
        const R *const v = values.at(i), *const w = outer.at(i);
        R* const to = out.at(i);
        TORCHLITE_VECTORIZE
        for (int k = 0; k < row_block; ++k) {
          if constexpr (Log) to[k] = w[k] - exp_below_zero(v[k]) * sum;
          else to[k] = v[k] * (w[k] - sum);
        }
      }
      out.finish();
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
